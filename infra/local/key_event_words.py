"""What the key events of an investigation are called, and the steps of a review, in words for somebody who sees the product first.

Must not say what follows from one: the rows of what is owed say that.
"""

EVENT_TYPES = {
    "arrested": "somebody was arrested",
    "interviewed_under_caution": "somebody was interviewed under caution",
    "released_no_charge": "the suspect was released without charge",
    "released_on_bail": "the suspect was released on bail",
    "released_under_investigation": "the suspect was released under investigation",
    "bail_changed": "the bail conditions changed",
    "bail_cancelled": "bail was cancelled",
    "not_investigated": "the crime will not be investigated",
    "charged": "the suspect was charged",
    "charges_dropped": "charges were dropped",
    "charges_altered": "charges were altered",
    "out_of_court_disposal": "it was settled out of court",
    "not_prosecuted": "the suspect will not be prosecuted",
    "no_suspect_identified": "no suspect was identified",
    "response_delayed": "the police come later than they said",
    "hearing_listed": "a court hearing was listed",
    "required_to_give_evidence": "the victim has to give evidence",
    "warrant_issued": "the court issued a warrant",
    "court_outcome": "the court decided",
    "appeal": "there is an appeal",
    "property_returned": "property can go back to its owner",
    "vps_offered": "a victim personal statement was offered",
}

REVIEW_STEPS = {
    "requested": "the victim asked for a review of the decision",
    "acknowledged": "the request for a review was acknowledged",
    "decided": "the review was decided",
}

DECIDED_BY = {"police": "the police", "cps": "the Crown Prosecution Service"}

"""What a replay must end in, worked out from its messages alone: a second reading of the records contract and of the rules.

Independent means a program of its own, not another opinion. What arrives and is refused, routing, timing, linking, sending and counting are
derived from the records contract, the issue's text and the decisions in docs/adr. Two parts were aligned with the product's published
judgement instead and cannot contradict it: which classes of offence are held and as what, and which are against a person (classes.py; the
force's own rule names domestic abuse and sexual offences only); and how texts, numbers and addresses are brought into one form (texts.py).
A wrong judgement there is wrong in both.

Standard library only. Must not import the product, the rest of infra, or the tests: were code shared, both could be wrong alike.
"""

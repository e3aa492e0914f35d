"""Words of immediate danger, for each language in which people write to us: dated rows, each with its source. Here are the English ones.

A row's signs are phrases. `a|b` is either word, `a*` any word that begins so, `_` up to three other words, and everything else stands next
to each other. Signs are written as people write in a hurry: without apostrophes, with accents
or without. How they are looked for is in danger.py. A denial ("he is
not here now") is found like the words themselves, on purpose. To add a language, add its row: every row is looked for in every message,
since nobody says beforehand in which language they write. Must not hold words of what is over ("killed", "had a knife"): the bereaved and
those who were robbed write to us too.
"""

from __future__ import annotations

from datetime import date

from chalicelib.domain.danger_rule import DangerRule
from chalicelib.domain.danger_words_latin import LATIN
from chalicelib.domain.danger_words_scripts import SCRIPTS

_WHO = "he|she|they|ex|husband|wife|partner|boyfriend|girlfriend|dad|father|brother|son"
_STRANGERS = "someone|somebody|man|men|bloke|lad|lads"
_IS = "hes|shes|theyre|someones|somebodys|theres"
_ME = "me|us|her|him|them|myself|mum|mom|mam|mother|sister|kid|kids|child|children|baby|son|daughter|everyone|everybody|family|you|u"
_HARM = "kill|killing|killin|murder|murdering|stab|stabbing|shoot|shooting|strangle|strangling|rape|raping"
_HURTS = "hitting|hittin|beating|beatin|hurting|hurtin|attacking|punching|kicking|stabbing|strangling|choking|raping|assaulting"
_WEAPON = "knife|knive|knives|nife|gun|shotgun|pistol|rifle|machete|axe|hammer|acid|petrol|weapon|blade|sword|crossbow"

DANGER_RULES: tuple[DangerRule, ...] = (
    DangerRule(
        "DANGER-EN",
        "en",
        date(2026, 11, 20),
        "[INF] {CON} B6: content is scanned for words of immediate danger; our own list, for the force's control room to confirm",
        (
            # about to be hurt
            f"going|gonna|gona|goin|want|wants|will|gunna|try|trying|tries|about _ {_HARM}|die",
            f"hell|shell|ill|il|theyll|could|might|may {_HARM}",
            f"threat* _ {_HARM}|burn",
            "threat* _ now|tonight",
            "hell|shell|will|going|gonna _ burn",
            "wants|want _ dead",
            "raped|hit|hurt|beat|stabbed|attacked|strangled|punched me|us _ now|tonight",
            "hes|shes|theyre|has|have taken _ kids|children|child|baby|son|daughter",
            f"{_HARM} {_ME}",
            f"{_HARM} my|our|the {_ME}",
            f"{_IS}|is|are|keeps _ {_HURTS}",
            f"{_HURTS} me|us|my now|again",
            "coming|comin _ for|after|get me|us",
            # a weapon that is there
            f"has|got|holding|have|carrying|waving|brought _ {_WEAPON}",
            f"{_IS} _ {_WEAPON}",
            "acid attack now",
            "bomb",
            # somebody is there
            f"{_WHO}|{_STRANGERS} is|are|r _ here|outside|downstairs|upstairs|inside",
            f"{_WHO} is|are|r coming",
            "ex|he|she|they is|are|r back",
            f"{_IS} _ here|outside|downstairs|upstairs|inside",
            "hes|shes|theyre _ coming|comin",
            f"{_IS} back",
            f"{_IS} _ in my|our|the house|home|flat|room|garden",
            f"{_WHO}|{_STRANGERS} is|are|r _ in my|our|the house|home|flat|room|garden",
            f"{_IS} _ at my|our|the|mums door|house|home|flat|window|gate",
            f"{_WHO}|{_STRANGERS} is|are|r _ at my|our|the|mums door|house|home|flat|window|gate",
            "here|outside|inside|coming|downstairs|upstairs now|rn",
            f"{_IS}|is|are|trying _ break*|smash*|kick*|bang*|hammer* _ in|door|window*",
            "break*|getting|trying _ in now",
            "being followed|chased",
            "following|chasing me|us",
            "knows where i|we am|are|live",
            "found|finding|find out where i|we live|am|are",
            # cannot get away
            "wont|not|never|doesnt _ let me|us leave|out|go",
            "cant|cannot _ get out|away|escape|leave",
            "locked|trapped|tied me|us",
            "am|are|im|were _ locked|trapped|tied",
            "holding|keeping me|us _ here|hostage|captive|prisoner",
            "held hostage|captive",
            "against my|our|her|his will",
            # calls for help
            "help me|us now|please|pls|plz|quick*|urgent*",
            "please|pls|plz help me|us",
            "need|want|send|get _ police|help|ambulance|someone|somebody _ now|quick*|urgent*|immediate*|asap",
            "emergency now",
            "this is|its an emergency",
            "life|lives _ in danger",
            "am|im|are|were|is|hes|shes _ danger",
            "dont|do|not _ feel safe now|tonight|here",
            "am|im|are|were not|unsafe|un safe now|tonight|here|at",
            "scared|afraid|frightened|terrified|fear|fearing for|of my|our|her|his|their life|lives",
            # ending one's own life
            "kill|killing|hurt|hurting|cut|cutting myself",
            "end|ending|take|taking my|it own|life|all",
            "suicid*",
            "want|going|gonna|ready to die",
            "overdos*",
            "taken|took _ pills|tablets",
            "dont|not want|wanna to live",
            "dont|not want|wanna _ alive|here anymore|any",
            # hurt already
            "am|im|is|hes|shes _ bleeding",
            "cant|cannot|not|isnt|cant _ breath*",
            "unconscious|unconcious|unconsious",
            "not waking|wake up",
            "set|setting|sets|started|lit _ fire",
            "house|flat|home is|on _ fire",
        ),
    ),
    *LATIN,
    *SCRIPTS,
)

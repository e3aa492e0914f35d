"""The words by which free text of a record is judged, kept apart so that they can be looked after without reading code.

A star stands for any ending, a space for a space, a hyphen or nothing. Must not hold a rule, or the name of anybody in a record.
"""

OFFICIAL = """
    ANPR CCTV CPS DNA I ID UK VPS VRR
    Appeal Code Constabulary Court Crown Director High Home Magistrates Office Personal Police Practice Prosecution Prosecutions
    Prosecutor Prosecutors Public Review Right Rights Scheme Service Statement Victim Victims
    January February March July August September October November December
    Monday Tuesday Wednesday Thursday Friday Saturday Sunday
"""
"""Written with capitals wherever they stand. April, May and June are people's names too and stand beside a day, or after "in"."""

OPENERS = """
    a about accepted access account action additional advice after again alibi all allegations although among an analysis and another any
    anyone appeal appeals application applied are arrangements arrest arrested arrests as assessed assistance at awaiting bail based
    because before being both but by cameras can cannot case cases caution cautioned cautions charge charged charges charging
    circumstances closed closure clothing collected community comparison complainant completed confirmed conflicting consideration
    considering contact continued continuing contradictory convicted cost could court credible crime criminal current currently custody
    damage date decided decision decisions declined defence delay delays denied despite details detained detectives did digital disclosure
    disposal do does door due during each efforts eight either eleven enough enquiries enquiry even every everyone everything evidence
    evidential examination examined exhibits expected expert extended extra eyewitness failed failure few final finally fingerprint
    fingerprints first five following footage for forensic forensics found four fresh from full fully further furthermore given good goods
    had has have having he hearing hearings hence her here his house how however identification identified identity if images important in
    inconsistent information initially inquiries insufficient interview interviewed interviews investigating investigation investigators
    issued it item items its jewellery judge jury key laboratory lack last late later legal limited lines little local made magistrates
    making many material matter meanwhile minor mobile more moreover most much must my nearby necessary need needed neither new next nine
    no nobody none nor not nothing now number obtaining of offence offences offender offenders officer officers on once one ongoing only
    originally other others our out outcome outstanding over paperwork passed payment penalty pending people permission phone photo
    photographs photos plea police possible postponed presently previous primarily proceedings process proof property proportionate
    prosecuting prosecution prosecutor prosecutors realistic reasonable reasons received recent recently recorded records recovered
    referral refused regrettably released remaining report reported reports request requests resolved responsible results returned review
    reviewed sadly samples scientific screened searches searching second seized seizure sent sentence sentencing served seven several she
    shop should similar since six so solicitor solvability solved some someone something soon sorry specialist specialists staff statement
    statements still stolen strong subject such sufficient summons supporting suspect suspected suspects taking team technical ten testing
    tests thank thanks that the their then there therefore these they third this thorough those though three through time to today
    together tools traced transferred trial twelve two unable under unfortunately unknown unless until up updated upheld upon vehicle
    vehicles very via victim victims video viewing voluntary waiting warrant was we weak were what when where whether which while who why
    with within without witness witnesses work would yesterday yet you your
"""
"""Ordinary words that may open a sentence. Any other opening word may be somebody's name."""

GIVEN_NAMES = """
    aaron abigail adam aidan alan alex alexander alexandra alfie alice alison amanda amelia amy andrea andrew andy angela ann anna anne
    anthony archie arthur ashley barbara barry ben benjamin beth bethany betty beverley bradley brandon brenda brian callum cameron carl
    caroline catherine charlie charlotte cheryl chloe chris christina christine christopher claire clare colin connor craig daisy damian
    dan daniel danielle darren dave david dean debbie deborah debra denise dennis derek diane donald donna dorothy douglas duncan dylan
    edward elaine eleanor elizabeth ella ellie emily emma eric ethan eva evelyn evie fiona florence francesca fred freddie frederick freya
    gareth gary gavin gemma geoff geoffrey george georgia gerald gerard glen glenn gordon graham gregory hannah harriet harrison harry
    harvey hayley heather helen henry howard hugh ian isaac isabella isla jack jackie jacob jacqueline jake james jamie jane janet janice
    jason jayden jeffrey jennifer jenny jeremy jessica jill joan joanna joanne joe john jonathan jordan joseph josh joshua joyce judith
    judy julia julie justin karen karl katherine kathleen kathryn katie keith kelly kenneth kerry kevin kieran kim kimberley kirsty kyle
    laura lauren leah leanne lee leigh leo leon lesley leslie lewis liam linda lindsay lisa logan lorraine louis louise lucas lucy luke
    lynn malcolm mandy marc margaret maria marie martha martin martyn mary mason matilda matt matthew maureen megan melanie melissa mia
    michael michelle mike millie mohamed morgan natalie natasha nathan neil nicholas nicola nicole nigel noah oliver olivia oscar owen
    pamela patricia patrick paul paula pauline peter phil philip phillip phoebe rachael rachel ralph rebecca rhys richard robert robin
    roger ronald rosie ross roy russell ruth ryan sally sam samantha samuel sandra sara sarah sean sebastian shane shannon sharon shaun
    sheila shirley simon sophia sophie stacey stanley stephanie stephen steve steven stewart stuart susan suzanne tanya terence teresa
    terry thea theo theresa thomas tim timothy tina toby tom tony tracey tracy trevor tyler valerie vanessa veronica victoria vincent
    wayne wendy william yvonne zachary zoe

    adrian agata agnieszka aleksander aleksandra andrzej ania anita barbara bartosz beata bogdan dariusz dawid dominik dorota ewa ewelina
    filip grzegorz halina hanna iwona izabela jacek jakub jan janusz jaroslaw jerzy justyna kacper kamil karol karolina kasia katarzyna
    krystyna krzysztof leszek lukasz maciej magda magdalena malgorzata marcin marek mariusz marta mateusz michal mikolaj mirela monika
    natalia patrycja pawel piotr przemyslaw radoslaw rafal renata robert ryszard sebastian slawomir stanislaw sylwia szymon tadeusz tomasz
    urszula waldemar wiktor wojciech zbigniew zofia zuzanna

    adriana alexandru alin alina ana anca andreea andrei bianca catalin ciprian claudia claudiu constantin corina cosmin costel cristian
    cristina dana daniela denis diana doina dragos dumitru elena emil florentina florin gabriel gabriela georgiana gheorghe gigi ileana
    ioan ioana ionel ionela ionut irina iulia iulian larisa laurentiu liviu lucian luminita madalina marian mariana marin marius mihaela
    mihai mihail mircea nicolae nicoleta nicu oana octavian ovidiu petru radu raluca ramona razvan roxana silviu simona sorin stefan
    stefania stelian teodor tudor valentin vasile viorel vlad

    abdul abdullah ahmad ahmed aisha akram ali amina amir amit amjad anil anjali arjun arshad asif asma ayesha azhar babar baljit
    balwinder begum bibi bilal deepak dilip ejaz faisal farah farhan farooq fatima gurdeep gurpreet hamza harjit harpreet hasan hassan
    hussain hussein ibrahim imran iqbal irfan ismail jaspreet javed kamran kaur khadija khalid khan kiran kuldeep kulwinder lakshmi
    mahmood malik manjit manpreet maryam meena meera mehmood mohammad mohammed muhammad mukesh mustafa nadeem nadia nasir nasreen naveed
    neha nisha parveen patel pooja pradeep priya rahim rahul raj rajesh rajinder rakesh ramesh rashid rashida ravi rehman riaz rizwan
    rohit rukhsana sadia saima sajid salma samina sandeep sangita sanjay satish shabana shabir shahid shahida shakeel shazia sikander
    singh sukhdev sunil sunita suresh surinder tahir tanveer tariq umar usha usman vijay vikram wasim yasmin yousaf yusuf zahid zahra
    zainab
"""
"""Given names, and a few family names, that are no ordinary words: somebody is named even where they are written small."""

NAMING = """
    aka; alias*; dc; di; dr; ds; insp; is called; known as; lady; lord; miss; mr; mrs; ms; mx; named; nickname*; pc; pcso; prof; rev; sgt;
    sir; supt; surname*
"""
"""What a name goes with."""

PLACES = """
    accommodation; address*; apartment*; avenue*; bedsit*; bungalow*; caravan*; care home*; children s home*; cottage*; crescent*; flat;
    flats; home of; hostel*; hotel*; lane; lanes; lived at; lived in; lives at; lives in; lives with; living at; living in; living with;
    local man; local resident*; local woman; lodging*; maisonette*; next door; postcode*; refuge*; road; roads; safe house*; shelter*;
    street*; tenancy; tenant*; work address*; worked at; worked for; works at; works for; works in
"""
"""Where somebody lives or may be found."""

STREETS = """
    Bank Buildings Circle Close Common Cottages Court Croft Dale Drive Fields Fold Gardens Gate Green Grove Heights Hill House Lea Lodge
    Meadow Meadows Mews Mount Orchard Parade Park Place Rise Row Square Terrace Towers View Villas Walk Way Wharf Yard
"""
"""Ends of street names that are ordinary words elsewhere."""

BIRTH = "age; aged; birth*; born; d o b; date of birth; year old*; years old; years of age; national insurance; passport*"

BAIL_CONDITIONS = """
    attend* a police station; attend* at a police station; attend* the police station; bailed to; banned; barred; cannot approach; cannot
    contact; cannot go near; cannot speak; condition*; curfew*; direct or indirect; directly or indirectly; electronic* monitor*; exclude*
    from; excluded from; excluding him; exclusion*; forbidden; go near; indirectly; keep away; live and sleep; metres of; miles of; no
    dealings; nothing to do with you; must live; must not; must report; must reside; must sleep; must stay; must surrender; no contact;
    not approach; not attend; not communicate; not contact*; not enter; not go back; not go into; not go near; not go within; not return;
    not speak; not to approach; not to associate; not to attend; not to be at; not to be in; not to be within; not to come; not to
    communicate; not to contact; not to enter; not to go; not to have any contact; not to interfere; not to leave; not to return; not to
    speak; not to use; not to visit; not within; prohibit*; report daily; report weekly; reside; residence*; resides; residing;
    restriction*; shall not; sign on; sleep at; stay at; stay away; stay out; suret*; surrender*; tag; tagged; tagging; tags; travel
    document*; unconditional*
"""
"""What a person on bail must or must not do, or where they are."""

SENSITIVE = """
    abduct*; abort*; abus*; addict*; adhd; adopt*; adult services; adulter*; affair; affairs; aids; alcohol*; anonymous*; anxiety;
    asylum*; aunt*; autis*; babies; baby; bisexual*; blackmail*; boy; boyfriend*; boys; brother*; cancer; carer*; child*; chis; chisva*;
    coerc*; cohabit*; colleague*; confidential*; controlling; convicted before; counselling; counsellor*; couple; couples; cousin*;
    covert*; criminal histor*; criminal record*; dad; dash assess*; dash risk*; dash score*; dating; daughter*; dead; death*; dementia;
    deport*; depress*; detained under; diagnos*; died; disab*; disclosure scheme; divorc*; doctor*; domestic*; drug*; drunk*;
    ethnic*; ex; ex boyfriend*; ex girlfriend*; ex husband*; ex partner*; ex wife; exploit*; families; family; father*;
    female genital; fgm; fiance*; flatmate*; forced marriage; foster*; friend*; gang; gangs; gay; girl; girlfriend*; girls; gp;
    grandchild*; grandfather*; grandmother*; groom*; harass*; hate*; hepatitis; hiv; homicid*; homophob*; honour based; honour crime*;
    hospital*; housemate*; husband*; idva*; illness*; immigra*; incest*; indecen*; informant*; informer*; informing on; injur*;
    intelligence; intimate*; intimidat*; intoxicat*; isva*; juvenile*; kidnap*; kill*; known to police; known to the police; known to us;
    landlord*; learning difficult*; lesbian*; lover*; manslaughter; mappa*; marac*; marital; marriage*; married; medic*; mental*;
    miscarr*; molest*; mother*; mum; murder*; naked; neighbour*; nephew*; niece*; non molestation; nude*; nurse*; offender histor*;
    overdos*; paedophil*; parent*; partner*; patient*; pregnan*; previous conviction*; prison*; probation; prostitut*; protection order*;
    psych*; racial*; racis*; rape*; raping; rapist*; relationship*; relative*; religio*; restraining order*; revenge; safeguard*; sarc;
    school*; sectioned; self harm*; separated; sex*; sibling*; sister*; slave*; social media; social service*; social work*; son; sons;
    source*; spouse*; stalk*; step father; stepson; strangl*; strangul*; suicid*; surveillance; teacher*; teen*; terroris*; therap*;
    threat* to kill; tip off*; traffick*; trans; transgender*; transphob*; treatment*; uncle*; undercover; unfaithful*; vcu; victim care;
    visa; vulnerab*; whistleblow*; wife; witness protection; wives; youth*
"""
"""What an officer tells in person or not at all: kinds of crime and units of specialist cases, relations, health, belief, sources."""

EMPTY = frozenset({"as above", "n/a", "na", "nil", "none", "not known", "see above", "see log", "tba", "tbc", "unknown", "x"})
"""Typed where something had to be typed."""

"""The small words of English: which carry grammar, which deny, which hedge."""

from __future__ import annotations

from diarist.domain.wordlist import words

# Deny; an entry that lost one would say the opposite.
NEGATIONS = words("""
    no not never none nobody nothing nowhere neither nor cannot without hardly barely scarcely rarely seldom ain't aren't
    can't couldn't didn't doesn't don't hadn't hasn't haven't isn't mightn't mustn't needn't shan't shouldn't wasn't weren't
    won't wouldn't dont didnt doesnt isnt wasnt wont cant couldnt wouldnt shouldnt
    """)

# Weaken; an entry that lost one would claim more than was said.
HEDGES = words("""
    maybe perhaps probably possibly might may could would if unless almost nearly think thought guess believe suppose seem
    seems seemed kind sort about around roughly approximately likely unlikely apparently supposedly allegedly wish hope
    hopefully unsure
    """)

PRONOUNS = words("i you he she it we they me him her us them mine yours hers ours theirs myself yourself himself herself")

SUBJECTS = words("""
    i you he she it we they i'm i'll i've i'd you're you'll you've you'd he's he'll he'd she's she'll she'd it's it'll it'd
    we're we'll we've we'd they're they'll they've they'd that's there's there that this everybody everyone somebody someone
    nobody people
    """)

DETERMINERS = words(
    "the a an my our his her their your this that these those some any every each no another both all either neither"
)

PREPOSITIONS = words("""
    of in on at to from with without for about into onto over under between behind near around through across after before
    during until since by against toward towards inside outside off out up down as like than per via upon along beside
    """)

CONJUNCTIONS = words("and but or so because if when while that which who whom whose where why how what than though although then")

# Verbs that only help other verbs.
AUXILIARIES = words("""
    am is are was were be been being do does did done doing have has had having will would shall should can could may might
    must ought gonna gotta wanna let's
    """)

ADVERBS = words("""
    very really just quite too also still only even again already yet now here there then always never often sometimes
    usually soon later ago once twice away back almost nearly maybe perhaps probably actually basically honestly literally
    obviously definitely absolutely finally anyway anymore instead together alone ever far well rather pretty completely
    totally exactly simply especially afterwards suddenly straight apart else enough today tomorrow yesterday tonight
    properly more most less least much many few lot lots bit little several half own same other such
    """)

INTERJECTIONS = words("""
    um uh umm uhm erm er ah oh hmm mm mhm huh okay ok yeah yes yep yup no nope right alright hey hello hi bye goodbye please
    thanks wow gosh god like well ha haha
    """)

NUMBERS = words("""
    zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen seventeen eighteen
    nineteen twenty thirty forty fifty sixty seventy eighty ninety hundred thousand million billion first second third
    """)

WEEKDAYS = words("monday tuesday wednesday thursday friday saturday sunday")
MONTHS = words("january february march april may june july august september october november december")

# Vague nouns: they fill a noun's place and name nothing.
VAGUE = words("""
    thing things stuff something anything everything nothing someone anyone everyone somebody anybody everybody nobody one
    ones way ways kind sort lot lots bit time times day days week weeks month months year years hour hours minute minutes
    second seconds moment morning afternoon evening night today tomorrow yesterday weekend people person guy guys man woman
    cup glass bottle bag plate slice pack
    part side end case point reason fact place number idea matter couple piece half rest order middle beginning front
    problem question course sense example word words name
    """)

# Everyday verbs in the shapes they take in speech; they are seldom what a memo is about.
VERBS = words("""
    say says said saying tell tells told telling ask asks asked asking go goes went going gone get gets got getting gotten
    make makes made making take takes took taking taken come comes came coming know knows knew knowing known think thinks
    thought thinking see sees saw seeing seen want wants wanted wanting look looks looked looking give gives gave giving given
    find finds found finding feel feels felt feeling try tries tried trying leave leaves left leaving call calls called
    calling keep keeps kept keeping let lets begin began begun start starts started starting seem seems seemed need needs
    needed needing help helps helped helping talk talks talked talking turn turned turning put puts putting mean means meant
    show showed shown showing hear hears heard hearing play played run ran running move moved moving like liked liking live
    lived living believe hold held holding bring brings brought bringing happen happens happened happening write wrote
    written writing sit sat sitting stand stood standing lose lost losing pay paid paying meet met meeting include continue
    set learn learned change changed understand understood follow stop stopped stopping speak spoke speaking read reading
    spend spent spending grow grew open opened walk walked walking win won offer offered remember remembered forget forgot
    forgotten love loved hate hated consider appear buy bought buying wait waited waiting serve die died send sent sending
    expect build built stay stayed staying fall fell cut reach kill remain suggest raise pass sell sold decide decided
    return returned explain hope hoped wish wished develop carry break broke broken receive agree agreed support hit eat ate
    eating eaten cover catch caught draw drew choose chose sleep slept sleeping wake woke drive drove driving ride rode
    wear wore pick picked picking drop dropped throw threw thrown miss missed finish finished work worked working use used
    using seems going supposed guess suppose imagine promise promised thank wonder sound sounds sounded laugh laughed cry
    cried shout shouted smile smiled order ordered add added check checked fix fixed clean cleaned book booked cancel hurt
    hurts smell smells smelled taste tastes tasted manage managed enjoy enjoyed hang hung sort sorted
    """)

# Pasts and participles that no ending betrays.
IRREGULAR_VERBS = words("""
    ate beat became began bent bet bit bled blew bled broke brought built burnt burst bought caught chose clung came cost crept
    cut dealt did dug drank drove dreamt fed fell felt fled flew forgot forgave fought found froze gave grew ground had heard
    held hid hit hung hurt kept knew knelt laid lay led left lent let lit lost made meant met mistook overheard paid proved put
    quit ran rang read rode rose said sang sank sat saw sent sewed shook shone shot showed shut slept slid smelt sold sought
    spat sped spent spilt split spoke sprang spread spun stole stood stuck stung stank strode struck swam swept swore swung
    taught thought threw told took tore understood upset wept went woke won wore wound wrote written
    """)

# Common adjectives that describe without naming.
PLAIN_ADJECTIVES = words("""
    good bad great nice fine big small little long short high low early late right wrong sure able ready happy sad
    tired angry glad sorry afraid scared proud busy free hard easy better best worse worst different last next first whole
    full real true great huge quiet nothing special important only kind funny lovely wonderful terrible awful strange weird
    beautiful amazing crazy ridiculous serious dull heavy sharp large enormous tiny certain various quick slow bigger smaller
    older younger longer
    awake asleep alone alive ill sick shorter higher lower newer closer nicer easier harder cheaper main usual
    """)

# Adjectives that tell which one is meant, and mean nothing alone.
ATTRIBUTES = words("new old young fresh proper wide narrow red blue green white black brown yellow cold warm hot dry wet")

FUNCTION_WORDS = (
    PRONOUNS
    | SUBJECTS
    | DETERMINERS
    | PREPOSITIONS
    | CONJUNCTIONS
    | AUXILIARIES
    | ADVERBS
    | INTERJECTIONS
    | NUMBERS
    | NEGATIONS
    | HEDGES
    | words("its not yes what's who's let's it's don't here's where's how's else")
)
"""Words without content of their own."""


def stem(word: str) -> str:
    """A plain word without its possessive and the commonest endings, so that "runs" and "run" are counted together."""
    word = word.removesuffix("'s").removesuffix("s'")
    if len(word) > LEAST_STEM and word.endswith("ies"):
        return word[:-3] + "y"
    for ending in ("sses", "ing", "ed", "es", "s"):
        if word.endswith(ending) and len(word) - len(ending) >= LEAST_STEM and not word.endswith("ss"):
            return word[: -len(ending)].removesuffix("e") if ending != "s" else word[:-1].removesuffix("e")
    return word.removesuffix("e") if len(word) > LEAST_STEM else word


# Shorter remains of a word are no stem of it.
LEAST_STEM = 3

# Share of function words in running English is near one half; in other languages almost none of these occur.
ENGLISH_SHARE = 0.3


def is_english(language: str) -> bool:
    """Whether a code, such as "en" or "en-GB", names English."""
    return language.lower().split("-")[0] == "en"


def reads_as_english(words: list[str]) -> bool:
    """Whether plain words look English, for a transcript that does not say its language."""
    return bool(words) and sum(word in FUNCTION_WORDS for word in words) >= ENGLISH_SHARE * len(words)

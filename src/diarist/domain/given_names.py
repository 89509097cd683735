"""Given names that are common where English is spoken, written by hand; a hint that a capital letter means a person."""

from __future__ import annotations

from diarist.domain.wordlist import words

GIVEN_NAMES = words("""
    aaron abby abdul abigail adam adele adrian agnes ahmed aidan aisha akira alan alana albert alejandra alejandro alex alexa
    alexander alexandra alexis alfie alfred ali alice alicia alina alison allison alma alvaro alyssa amanda amara amber amelia
    amina amir amit amy ana anastasia anders andre andrea andreas andrew andrzej andy angel angela angelo angie anika anil
    anita anja anjali anke ann anna anne annie antonia antonio anton anya april archie ariana arjun arnold arthur arturo asha
    asher ashley astrid aubrey audrey aurora austin ava axel ayesha aziz barbara barry beatrice beatriz becky bella ben
    benedict benjamin benny bernadette bernard bernie bert beth bethany betty beverly bianca bill billy bjorn bob bobby
    boris brad bradley brandon brenda brendan brian bridget brittany bruce bruno bryan bryce caitlin caleb callum calvin
    camila camille cameron cara carl carla carlos carmen carol caroline carolyn carrie casey catherine cathy cecilia cedric
    celeste chad chan chandra charles charlie charlotte chelsea chen cheng cheryl chiara chloe chris christian christina
    christine christoph christopher chuck cindy claire clara clare clarence claude claudia clayton clement cliff clive cole
    colette colin colleen connie connor conrad constance cora corey courtney craig cristina curtis cynthia cyril daisuke
    daisy dale damian damien dan dana daniel daniela danielle danny daphne darius darren daryl dave david dawn dean deb debbie
    deborah declan deepak delia denis denise dennis derek desmond devon diana diane diego dieter dimitri dina dirk dmitri
    dolores dominic don donald donna dora doreen doris dorothy doug douglas duncan dustin dwayne dylan ebony eddie eden edgar
    edith edmund eduardo edward edwin eileen elaine eleanor elena eli eliana elias elijah elisa elise eliza elizabeth ella
    ellen ellie elliot elmer elsa elsie emil emilia emily emma enrique eric erica erik erin ernest ernesto esme esther ethan
    eugene eva evan eve evelyn faith farah fatima felicity felix fernanda fernando filip finn fiona fleur flora florence
    florian fran frances francesca francis francisco frank frankie franz fred freddie frederick freya frida fritz gabriel
    gabriela gail gareth garrett gary gavin gemma gene geoff geoffrey george georgia georgina gerald gerard gerd gerhard
    gianni gilbert gillian gina ginny giorgio giovanni giulia gladys glen glenn gloria gordon grace graham grant greg gregory
    greta gretchen guillermo gunther gustav guy gwen hakim haley hamid hana hanna hannah hannes hans harold harper harriet
    harris harrison harry harsh harvey hassan hazel heather hector heidi helen helena helga henri henrietta henrik henry
    herbert herman hilary hilda hiro hiroshi holly hope howard hugh hugo hussein ian ibrahim ida ignacio igor ilse imogen
    imran ines ingrid irene iris irma isaac isabel isabella isabelle isaiah isla ismail ivan ivy jack jackie jackson jacob
    jacqueline jacques jada jake jakob jamal james jamie jan jana jane janet janice jared jasmine jason jasper javier jay
    jean jeanne jeff jeffrey jen jenna jennifer jenny jeremiah jeremy jerome jerry jess jesse jessica jill jim jimmy jin jing
    jo joan joanna joanne joaquim joaquin jodie joe joel joelle joey johan johann johanna johannes john johnny jon jonah jonas
    jonathan jordan jorge jose josef joseph josephine josh joshua josie joyce juan juanita judith judy jules julia julian
    juliana julie juliet julio jun june jurgen justin justine kai kamal kamala karen karim karin karina karl karla kasia kat
    kate katerina katharina katherine kathleen kathryn kathy katie katrina katya kay kayla keiko keith kelly kelsey ken kendra
    kenji kenneth kenny kevin khalid kim kimberly kira kirk kirsten kirsty klaus kofi krishna kristen kristin kristina kurt
    kwame kyle lana lara larissa larry lars laura lauren laurence laurie lawrence lea leah lee leila lena lenny leo leon
    leonard leonardo leonie leroy leslie lester lewis li liam lianne lila lily lin lina linda lindsay lindsey linh lionel lisa
    liv liz liza lizzie lloyd logan lois lola lorena lorenzo lori lorna lorraine louis louisa louise luca lucas lucia lucy
    luigi luis luisa lukas luke luna lydia lynn mabel maddie madeleine madison maeve magda magdalena maggie mahmoud maja
    malcolm malik mandy manuel mara marc marcel marcella marcia marco marcos marcus margaret margarita margot maria mariam
    marian mariana marianne marie marilyn marina mario marion marisa marissa marjorie mark marlene marlon marsha marta martha
    martin martina marty marvin mary maryam mason mateo mathias matilda matt matteo matthew matthias maureen maurice mauricio
    max maximilian maxine maya megan mehmet mei meg mel melanie melinda melissa mercedes meredith mia michael michaela michel
    michele michelle miguel mika mike mikhail mila mildred milena miles millie milo mimi mina ming mira miranda miriam mitch
    mitchell moe mohamed mohammed moira molly mona monica monika monique morgan moritz moses muhammad muriel mustafa myra
    nadia nadine nancy naomi natalia natalie natasha nate nathan nathaniel neha neil nell nelly nelson nestor niamh nicholas
    nick nicky nico nicola nicolas nicole nigel nikhil niklas nikita nikolai nils nina noah noel noelle noor nora norma norman
    odette olaf oleg olga olive oliver olivia ollie omar ophelia orla oscar osman oswald otis otto owen pablo paige paloma pam
    pamela paola pascal pat patricia patrick patty paul paula paulina pauline pavel pedro peggy penelope penny percy pete
    peter petra phil philip philippa phillip phoebe phyllis pia pierre piotr polly prakash priya quentin quinn rachel rafael
    rahul raj rajesh ralph ramon randy raphael raquel rashid raul ravi ray raymond rebecca reggie regina reinhard rekha remy
    renata rene reuben rhonda ricardo richard rick ricky riley rita rob robbie robert roberta roberto robin rodney roger rohan
    roland rolf roman ron ronald ronnie rory rosa rosalie rosalind rose rosemary rosie ross roxanne roy ruby rudolf rudy rupert
    russell ruth ryan sabine sabrina sadie said sally sam samantha samir samira samuel sandra sandy sanjay santiago sara sarah
    sasha saul savannah scott sean sebastian selena selma serena sergei sergio seth shane shannon sharon shaun shawn sheila
    shelley shirley shreya sid sidney sienna sigrid silvia simon simone siobhan sofia sonia sonja sophia sophie spencer stacey
    stan stanley stefan stefanie stella stephan stephanie stephen steve steven stewart stuart sue sunil sunita susan susanna
    susanne susie svetlana sven sybil sydney sylvia tabitha tamara tammy tanya tara tariq tasha tatiana taylor ted teresa terri
    terry tess tessa thea thelma theo theodore theresa thomas tiffany tim timothy tina toby todd tom tomas tommy toni tony
    tracey tracy travis trevor trish tristan troy tyler uma ursula uwe valentina valeria valerie vanessa vera verena vernon
    veronica vic vicky victor victoria vijay vikram vince vincent viola violet virginia vivian vladimir wade wallace wally
    walt walter wanda warren wayne wei wendy werner wesley wilbur wilfred will william willie wilma winston wolfgang xavier
    xiao yan yasmin yasmine yosef yolanda yuki yumi yuri yusuf yves yvette yvonne zac zach zachary zara zainab zeynep zoe zoey
    oksana olena fergus hamish ewan rhys dylan gethin aoife ciara saoirse cormac eamon padraig seamus sinead brigid finbar
    chidi chioma ngozi emeka tunde amadou fatou kwesi ama yaw adebayo zanele thabo sipho lerato naledi tendai
    arun aditya ananya deepa divya gaurav kavita lakshmi manish meera nikita nisha pooja pradeep rekha rohit sanjana shreyas
    siddharth suresh swati vivek wasim zahra hye jihoon minjun seoyeon sora haruto sakura takeshi yoko naoko akiko
    """)

ALSO_WORDS = words("""
    angel april art austin bill chase chelsea christian dale dawn dean don drew eve faith florence frank gene georgia grace
    grant guy harsh hazel holly hope iris ivy jack jade jasmine jay jean jordan joy june kat kay lane li lily lin liv mark mason
    max may mercedes miles ming moses nelson norman olive pat penny pia ray rich rob robin roman rose ross roy ruby sage said
    sally sandy santiago savannah sid sky sora sue sydney victoria violet virginia wade will yan yaw ama jan jun dan ben ken
    madison morgan jordan paige jo hana mina mona mika mei wei jin jing bob carol cliff colin curtis daisy dora drew earl ebony
    gail gerd heather herb hugo marina melody mercy mike morgan nick noel nova oscar otto otis pam peg percy pierce rain reed
    rusty saul sierra skip stan summer tara terry tony trinity troy tucker una vic viola warren wally woody
    """)
"""Words in their own right, months or places; they need more than a capital letter to be people, and lower case never is one."""

ONLY_NAMES = GIVEN_NAMES - ALSO_WORDS
"""Names whatever the case they are written in."""

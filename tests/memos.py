"""Memos that we wrote, of the kinds that people speak into their phones."""

DAY = """
Okay so it's Tuesday evening and I finally have a minute. I woke up late because the alarm didn't go off, and I missed
the bus by about ten seconds. The driver saw me and he just pulled away. Work was fine, nothing special, except that
Priya brought in a cake for her last day and I got a bit emotional. We've shared a desk for four years. At lunch I
walked around the lake with Marcus and he told me he's applying for the job in Leeds. I didn't know what to say. In
the afternoon I had to redo the whole budget sheet because someone had sorted one column and not the others. On the
way home I picked up my bike from the shop and it rides like new, I love it. I need to write Priya a proper goodbye
letter before Friday. And I have to pay the bike shop, they let me go without my card, so by tomorrow at the latest.
"""

LIST = """
Right, list for the weekend. I need to buy milk, eggs, coffee and the big bag of cat food. Don't forget to pick up the
dry cleaning, they close at one on Saturday. Call the plumber about the bathroom tap. I've got to renew the car
insurance by the end of the month. Remind me to send Aunt Carol a birthday card. Oh and I should probably clean the
gutters before it rains. I don't need to book the dentist anymore, they moved it to June. We're also out of printer
paper.
"""

HESITANT = """
Um, okay, so, is this on? Okay. So, uh, I just, I just got off the phone with, um, with the landlord, and you know, he
says the the heating won't be fixed until, like, the twentieth. Which is, I mean, it's ridiculous. It's, uh, it's
eleven degrees in the living room. I, um, I told him I'm not paying full rent for this month and he he kind of went
quiet. So, yeah. I need to, uh, look up what the law says about that, like, tonight. And, um, maybe I should talk to
the tenants' union, I don't know. Anyway, Lena said I can, you know, stay at her place if it gets worse, which is,
like, really sweet of her. Yeah. So, um, that's it. Okay, bye.
"""

MEETING = """
Quick recap of the planning meeting while it's fresh. We decided to drop the tablet version and put everything into
the web client, and honestly I think that's the right call. Dr. Patel was against it at first but she came round when
Jonas showed the usage numbers. Only three percent of the clinics use tablets. Jonas will write the migration guide.
Sarah has to tell the two hospitals that still depend on it. I promised to send the new timeline to everyone by
Wednesday noon. We should also ask legal about the contracts. If I had more people I would start next week, but I
don't, so the start is the first of March. I was going to raise the on-call thing but we ran out of time. The next
meeting is in two weeks.
"""

STORY = """
So my neighbour told me this story and I have to tell you, I couldn't stop laughing. Her husband Victor goes to the
airport to pick up his mother, and at the counter he says, I need to find a woman with a red hat. And the man says,
sir, you have to wait outside. So Victor calls his sister Agnes and she says, I'll be there by five, don't move. By
then his mother had already taken a taxi to the wrong town. She had to sleep in a hotel. He was supposed to bring her
insulin, so he drove all night. I said if I were him I would have to lie down for a week. She'll probably never visit
again. I have to admit I felt sorry for him. We don't have to go to airports much, thank goodness.
"""

GRIEF = """
It's been three weeks since Dad died. I thought I would feel something bigger by now, but mostly I'm just tired. Today
I sorted his workshop. Everything is labelled in his handwriting, every little drawer, screws, washers, things that
might be useful. I found the bird house we made when I was nine. I sat on the floor and I couldn't get up for a while.
Uncle Ray came by and he didn't say anything, he just sat down next to me, and that was the best thing anybody has
done. I'm not ready to sell the tools. I don't think I'll ever be. The hospital keeps sending letters and I have to
answer them by Monday or they charge us again. I miss him. I miss the sound of his radio.
"""

TECHNICAL = """
Note on the flaky import. It fails about one time in forty, only on the arm machines, and never when I attach the
debugger. I looked at the traces and the second worker opens the file before the first one has renamed it, so it reads
zero point five megabytes instead of two point one. It's not the network, I'm sure of that now. The fix is to write to
a temporary name and rename at the end, e.g. what the cache already does. I tried it at 4 p.m. and it ran six hundred
times without a failure. I still need to write a test that fails without the fix. I must not merge it before Chen has
looked at the locking. I'll open the pull request tonight and ask him. Should we backport it? I don't know yet.
"""

DECISION = """
I've been going back and forth on this for a month, so I want to say it out loud. The offer from Hartwell is more
money, about twelve thousand more, and I'd have my own team. But I'd have to commute ninety minutes each way, and
Nadia just started at the new kindergarten. I talked to Ines about it and she said she would support me either way,
which I believe. When I imagine saying no I feel relieved. When I imagine saying yes I feel, I don't know, important,
and that's not a good reason. So I've decided. I'm not taking it. I'll call Mr. Lindqvist on Monday and tell him, and
I should thank him properly because he went out of his way for me. I won't tell the people at work. It feels right.
Maybe I should ask for a raise though.
"""

STREAM = """
so yeah um i was thinking about what simon said on sunday you know about how we never really finish anything and i
mean he's not wrong like we started the garden and the shed and the the podcast and uh none of it is done and it kind
of stung because i know it's me i'm the one who gets bored but then i thought okay what would it take to finish the
shed it's like two weekends so i'm gonna order the roofing felt tomorrow and i have to ask simon for his ladder and
then we just do it you know we just do it i don't want to be the person who never finishes things um anyway it was
nice to have him over he brought those almond biscuits and we sat outside until it was dark okay that's all
"""

WEEK = """
Alright, end of the week, let me see if I can get all of this down. Monday was the inspection. I'd been dreading it
since August. The inspector, a woman called Yvonne Marsh, walked through the whole bakery without saying a word, she
opened every fridge, she ran her finger along the top of the oven, and at the end she gave us a nine out of ten. Nine!
I hugged Samir right there in front of the customers. The missing point is the drain in the back room, it needs a new
cover, and we have to fix that within thirty days. Tuesday was ordinary. Flour delivery was late, we sold out of rye
by ten. I did the accounts in the evening and we're about four hundred ahead of last year, which isn't much but it's
ahead. Wednesday I drove out to see Mom. She's not doing so well. She asked me three times what day it was, and she
called me Christopher, which was my uncle's name. The woman who runs the floor, Denise, said it comes and goes, and
that I shouldn't correct her. I sat with her and we looked at the photo album, and for a while she knew everybody. I
came home and I couldn't sleep. I keep thinking I should have moved her closer two years ago. I need to talk to my
brother about it, properly, not by text. Thursday we had the school group in, twenty two kids, and every one of them
wanted to put their hands into the dough. It was chaos and I loved it. One little boy said that he's going to be a
baker, and Samir told him he has to get up at three in the morning, and the boy said never mind then. I laughed so
hard. In the evening I burned my hand on the steam valve, it's not serious, but it's my right hand and it hurts when I
type. The valve has to be replaced. I'll ring the oven people on Monday. Friday, so today, the bank finally answered
about the loan for the second shop. They said yes in principle. They want the figures for the last three years and a
letter from the landlord, and I have to get them both by the end of next week. I'm excited and I'm terrified. I don't
know if I want a second shop or if I just want somebody to tell me that I'm good at this. Samir says I think too much.
He's probably right. Tomorrow I'm not working. I'm going to sleep until nine and then I'm going to walk down to the
sea.
"""

DREAM = """
I had the strangest dream last night. I was back in my grandmother's house, but the rooms were in the wrong order and
the kitchen was at the bottom of a swimming pool. My brother was there, only he was about seven years old, and he kept
saying I have to find the key, I have to find the key. I wasn't scared at all. There was a huge white horse standing
in the hallway and everybody acted like that was normal. Then the phone rang and it was my old teacher, Mrs. Okafor,
and she told me I'd never handed in my essay. I must have laughed out loud because I woke myself up. I lay there for a
while and I felt so happy, and then a little sad, because the house was sold in two thousand eleven.
"""

"""Capitalised words that are no people: calendar, countries, cities, languages, makers."""

from __future__ import annotations

from diarist.domain.wordlist import words

NOT_PEOPLE = words("""
    monday tuesday wednesday thursday friday saturday sunday january february march april may june july august september october
    november december christmas easter halloween thanksgiving hanukkah ramadan diwali passover new year eve god jesus lord
    america american americans england english britain british ireland irish scotland scottish wales welsh france french
    germany german germans spain spanish portugal portuguese italy italian greece greek turkey turkish russia russian poland
    polish ukraine ukrainian sweden swedish norway norwegian denmark danish finland finnish iceland netherlands dutch belgium
    belgian austria austrian switzerland swiss czech hungary hungarian romania romanian bulgaria croatia serbia china chinese
    japan japanese korea korean india indian pakistan bangladesh vietnam vietnamese thailand thai indonesia malaysia singapore
    philippines australia australian zealand canada canadian mexico mexican brazil brazilian argentina chile peru colombia cuba
    egypt egyptian israel israeli iran iraq syria lebanon arabia saudi morocco nigeria ghana kenya ethiopia africa african
    asia asian europe european atlantic pacific mediterranean alps london paris berlin munich hamburg frankfurt cologne vienna
    zurich geneva madrid barcelona seville lisbon porto rome milan venice naples athens istanbul moscow warsaw krakow prague
    budapest stockholm oslo copenhagen helsinki reykjavik amsterdam rotterdam brussels antwerp dublin belfast cork edinburgh
    glasgow cardiff manchester liverpool leeds sheffield birmingham bristol oxford cambridge brighton york newcastle norwich
    toronto montreal vancouver ottawa boston chicago seattle portland denver dallas houston austin atlanta miami orlando
    philadelphia phoenix detroit cleveland pittsburgh baltimore washington vegas francisco angeles diego jose texas california
    florida georgia ohio michigan oregon nevada arizona utah colorado virginia carolina tennessee kentucky alabama maine vermont
    massachusetts connecticut pennsylvania illinois wisconsin minnesota iowa missouri kansas oklahoma nebraska alaska hawaii
    tokyo kyoto osaka beijing shanghai seoul bangkok hanoi delhi mumbai bangalore dubai cairo lagos nairobi johannesburg sydney
    melbourne brisbane perth auckland newfoundland google apple microsoft amazon facebook meta twitter instagram whatsapp netflix
    spotify youtube zoom slack teams excel word outlook gmail linkedin uber airbnb ikea tesco aldi lidl walmart costco target
    starbucks mcdonald's toyota honda ford bmw audi tesla volkswagen ibm intel nvidia samsung sony python java linux windows
    android iphone ipad mac docker kubernetes github openai chatgpt excel powerpoint photoshop netflix nasa nhs bbc cnn
    okay ok tv dvd usb pdf api sql http url hr ceo cto cfo pr qa ui ux ai gps dna mri ct pto atm covid internet web bible koran
    north south east west street road avenue park lake river mount hotel hospital university college school airport station
    """)

# A capitalised word after these is a place or a thing far more often than a person.
PLACE_LEADS = words("in into near across outside inside via around through toward towards")

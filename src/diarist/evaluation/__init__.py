"""How good a transcript is: references beside recordings, words compared, their times too."""

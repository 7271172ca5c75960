{
 "2017-12/words-0": {
  "of": "7692c3ad",
  "words": {
   "text": "0"
  }
 }
}

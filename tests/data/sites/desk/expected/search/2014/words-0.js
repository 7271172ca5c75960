{
 "2014/words-0": {
  "of": "d208a0f7",
  "words": {
   "ago": "0",
   "long": "0"
  }
 }
}

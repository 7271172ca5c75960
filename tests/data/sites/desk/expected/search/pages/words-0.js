{
 "pages/words-0": {
  "of": "57b28313",
  "words": {
   "about": "2",
   "all": "1",
   "its": "0",
   "korea": "2",
   "offer": "0",
   "see": "1",
   "topics": "1"
  }
 }
}

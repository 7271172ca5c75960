{
 "2017-12/words-0": {
  "of": "8a23c33f",
  "words": {
   "12": "0",
   "15": "0",
   "2017": "0",
   "an": "0",
   "antonio": "0",
   "are": "0",
   "attribute": "0",
   "available": "0",
   "before": "0",
   "camp": "0",
   "follows": "0",
   "goes": "1",
   "guterres": "0",
   "is": "0",
   "it": "0 1",
   "kim": "0",
   "my": "0",
   "not": "0",
   "note": "0",
   "nothing": "1",
   "offer": "1",
   "offices": "0",
   "silent": "0",
   "so": "0 1",
   "stands": "1",
   "the": "0 1",
   "yet": "1"
  }
 }
}

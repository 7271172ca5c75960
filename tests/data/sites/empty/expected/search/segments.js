{
 "segments": {
  "segments": []
 }
}

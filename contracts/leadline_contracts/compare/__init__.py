"""Two servers, one set of cases: is the one faithful to the other?"""

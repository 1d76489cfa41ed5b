#error "a header of the program, which no header of onewriter means"

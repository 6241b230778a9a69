module reception

go 1.20

environment = "dev"
keep_days   = 7

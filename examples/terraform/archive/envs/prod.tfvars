environment = "prod"
keep_days   = 3650

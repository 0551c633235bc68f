environment = "prod"
storage_gb  = 500

environment = "dev"
storage_gb  = 20

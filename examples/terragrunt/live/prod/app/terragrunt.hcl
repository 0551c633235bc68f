include "root" {
  path = find_in_parent_folders("root.hcl")
}

include "envcommon" {
  path           = "${dirname(find_in_parent_folders("root.hcl"))}/_envcommon/app.hcl"
  merge_strategy = "deep"
}

# The names must be there before the first request; nothing of them is read.
dependencies {
  paths = ["../dns"]
}

inputs = {
  replicas = 3
}

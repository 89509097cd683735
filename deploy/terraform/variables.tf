variable "name" {
  description = "What everything is called; also the beginning of the names of buckets, which the whole world shares."
  type        = string
  default     = "diarist"

  validation {
    condition     = can(regex("^[a-z][a-z0-9-]{1,19}$", var.name))
    error_message = "Small letters, digits and hyphens, beginning with a letter, at most 20."
  }
}

variable "environment" {
  description = "production, staging and so on."
  type        = string

  validation {
    condition     = can(regex("^[a-z][a-z0-9-]{1,14}$", var.environment))
    error_message = "Small letters, digits and hyphens, beginning with a letter, at most 15."
  }
}

variable "region" {
  description = "Such as eu-central-1."
  type        = string
}

variable "cidr" {
  description = "Addresses of the network; /16 gives each zone room for 4,000 pods."
  type        = string
  default     = "10.20.0.0/16"

  validation {
    condition     = can(cidrsubnet(var.cidr, 4, 15))
    error_message = "A network such as 10.20.0.0/16."
  }
}

variable "zones" {
  description = "How many availability zones are used."
  type        = number
  default     = 3

  validation {
    condition     = var.zones >= 2 && var.zones <= 3
    error_message = "Two or three."
  }
}

variable "public_api_cidrs" {
  description = "Who may reach the API of Kubernetes from outside; empty: only from within the network."
  type        = list(string)
  default     = []

  validation {
    condition     = !contains(var.public_api_cidrs, "0.0.0.0/0")
    error_message = "Not the whole world."
  }
}

variable "cluster_admins" {
  description = "ARNs of IAM roles that may do everything in the cluster, beside whoever makes it."
  type        = list(string)
  default     = []
}

variable "kubernetes_version" {
  type    = string
  default = "1.33"
}

variable "node_groups" {
  description = "Machines: `purpose` is api, worker or gpu; `capacity_type` ON_DEMAND or SPOT. Spot machines and those with cards are tainted."
  type = map(object({
    purpose        = string
    instance_types = list(string)
    capacity_type  = string
    min            = number
    max            = number
    disk_gb        = optional(number, 80)
  }))
  default = {
    api    = { purpose = "api", instance_types = ["m7i.large", "m7a.large"], capacity_type = "ON_DEMAND", min = 3, max = 12 }
    worker = { purpose = "worker", instance_types = ["m7i.xlarge", "m7i.2xlarge", "m6i.2xlarge"], capacity_type = "SPOT", min = 2, max = 200 }
    gpu    = { purpose = "gpu", instance_types = ["g6.xlarge", "g5.xlarge"], capacity_type = "SPOT", min = 0, max = 40, disk_gb = 150 }
    # Where no spot machines are to be had.
    worker-sure = { purpose = "worker", instance_types = ["m7i.2xlarge", "m6i.2xlarge"], capacity_type = "ON_DEMAND", min = 0, max = 20 }
    gpu-sure    = { purpose = "gpu", instance_types = ["g6.xlarge"], capacity_type = "ON_DEMAND", min = 0, max = 4, disk_gb = 150 }
  }

  validation {
    condition     = alltrue([for group in var.node_groups : contains(["api", "worker", "gpu"], group.purpose)])
    error_message = "A purpose is api, worker or gpu."
  }
  validation {
    condition     = alltrue([for group in var.node_groups : contains(["ON_DEMAND", "SPOT"], group.capacity_type)])
    error_message = "A capacity_type is ON_DEMAND or SPOT."
  }
  validation {
    condition     = anytrue([for group in var.node_groups : group.purpose == "api" && group.capacity_type == "ON_DEMAND" && group.min > 0])
    error_message = "APIs, and what runs the cluster, need machines on demand that are always there."
  }
  validation {
    condition     = alltrue([for group in var.node_groups : group.min <= group.max])
    error_message = "min is above max."
  }
}

variable "database" {
  description = "PostgreSQL; `diarist capacity` says how large."
  type = object({
    instance_class     = optional(string, "db.m7g.large")
    storage_gb         = optional(number, 100)
    max_storage_gb     = optional(number, 4000)
    backup_days        = optional(number, 14)
    replicas           = optional(number, 1)
    multi_az           = optional(bool, true)
    deletion_protected = optional(bool, true)
  })
  default = {}

  validation {
    condition     = var.database.backup_days >= 1
    error_message = "Recovery to a point in time needs backups: at least 1 day."
  }
}

variable "cache" {
  description = "Redis: bells of the queue, events, rates."
  type = object({
    node_type = optional(string, "cache.m7g.large")
    replicas  = optional(number, 1)
  })
  default = {}
}

variable "storage" {
  description = "Days after which originals move to colder storage, which can still be read at once, and expire; 0 for never."
  type = object({
    infrequent_after_days = optional(number, 30)
    glacier_after_days    = optional(number, 180)
    expire_after_days     = optional(number, 0)
    chunks_expire_days    = optional(number, 90)
  })
  default = {}

  validation {
    condition     = var.storage.glacier_after_days == 0 || var.storage.glacier_after_days >= var.storage.infrequent_after_days + 30
    error_message = "Glacier takes objects at least 30 days after infrequent access."
  }
}

variable "cdn" {
  description = "A CloudFront distribution in front of the load balancer and the bucket; `host` and a certificate in us-east-1 are needed then."
  type = object({
    enabled         = optional(bool, false)
    host            = optional(string, "")
    origin          = optional(string, "")
    certificate_arn = optional(string, "")
  })
  default = {}

  validation {
    condition     = !var.cdn.enabled || (var.cdn.host != "" && var.cdn.origin != "" && var.cdn.certificate_arn != "")
    error_message = "host, origin and certificate_arn are needed."
  }
}

variable "second_region" {
  description = "Where copies of recordings and of the database's backups are kept; empty: nowhere."
  type        = string
  default     = ""

  validation {
    condition     = var.second_region == "" || var.second_region != var.region
    error_message = "Another region than the first."
  }
}

variable "budget" {
  description = "USD a month, and who is told at 50, 80 and 100 % of it and when costs jump."
  type = object({
    monthly_usd = number
    emails      = list(string)
  })

  validation {
    condition     = var.budget.monthly_usd > 0 && length(var.budget.emails) > 0
    error_message = "A limit above 0, and somebody who is told."
  }
}

variable "namespace" {
  description = "Namespace and service account of the Helm release: these pods may use the bucket."
  type        = string
  default     = "diarist"
}

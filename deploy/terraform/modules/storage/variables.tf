variable "name" {
  type = string
}

variable "lifecycle_of" {
  description = "Days until originals move and expire, and until chunks expire; 0 for never."
  type = object({
    infrequent_after_days = number
    glacier_after_days    = number
    expire_after_days     = number
    chunks_expire_days    = number
  })
}

variable "cdn" {
  type = object({
    enabled         = bool
    host            = string
    origin          = string
    certificate_arn = string
  })
}

variable "replicated" {
  description = "Whether everything is copied elsewhere."
  type        = bool
}

variable "copy" {
  description = "Bucket and key there."
  type        = object({ bucket_arn = string, key_arn = string })
  nullable    = true
}

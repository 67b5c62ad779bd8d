output "service_account" {
  description = "Service account of the instance."
  value       = google_service_account.this.email
}

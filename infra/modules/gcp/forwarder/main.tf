# Falco and the forwarder side by side on one small instance with a disk of its own for the spool: Cloud Run has no disk that outlives its instances.
# Alerts go over the loopback address, so there is neither token nor certificate.
terraform {
  required_version = ">= 1.9"
  required_providers {
    google = { source = "hashicorp/google", version = ">= 6.0" }
  }
}

locals {
  falco_yaml = yamlencode({
    json_output                  = true
    json_include_output_property = false
    http_output                  = { enabled = true, url = "http://127.0.0.1:8080/falco", keep_alive = true }
    plugins = [{
      name         = "gcpaudit"
      library_path = "libgcpaudit.so"
      init_config  = { project_id = var.project }
      open_params  = var.audit_subscription
    }]
    load_plugins = ["gcpaudit"]
    rules_files  = ["/etc/falco/tfdrift_gcp_rules.yaml"]
  })
  forwarder_yaml = yamlencode({
    falco = { transport = "http" }
    forwarder = {
      listen  = "127.0.0.1:8080"
      topic   = "projects/${var.project}/topics/${var.topic}"
      sources = ["gcp_auditlog"]
      spool   = { path = "/spool/queue" }
    }
  })
  unit = {
    forwarder = "--name=forwarder --network=host --user=65532:65532 --read-only --cap-drop=ALL --memory=128m --stop-timeout=40 -v /mnt/disks/spool:/spool -v /etc/tfdrift:/etc/tfdrift:ro ${var.images.forwarder} --config /etc/tfdrift/tfdrift.yaml"
    falco     = "--name=falco --network=host --memory=512m -v /etc/tfdrift/falco.yaml:/etc/falco/falco.yaml:ro ${var.images.falco} falco --disable-source syscall"
  }
  cloud_config = {
    write_files = concat(
      [
        { path = "/etc/tfdrift/falco.yaml", permissions = "0644", content = local.falco_yaml },
        { path = "/etc/tfdrift/tfdrift.yaml", permissions = "0644", content = local.forwarder_yaml },
      ],
      [for name, run in local.unit : {
        path        = "/etc/systemd/system/${name}.service"
        permissions = "0644"
        content     = "[Unit]\nAfter=docker.service\nRequires=docker.service\n[Service]\nExecStartPre=-/usr/bin/docker rm -f ${name}\nExecStart=/usr/bin/docker run --rm ${run}\nExecStop=/usr/bin/docker stop ${name}\nTimeoutStopSec=45\nRestart=always\nRestartSec=2\n"
      }],
    )
    runcmd = [
      "blkid /dev/disk/by-id/google-spool || mkfs.ext4 -m 0 /dev/disk/by-id/google-spool",
      "mkdir -p /mnt/disks/spool && mount /dev/disk/by-id/google-spool /mnt/disks/spool && chown 65532:65532 /mnt/disks/spool",
      "systemctl daemon-reload",
      "systemctl start forwarder falco",
    ]
  }
}

resource "google_compute_disk" "spool" {
  project = var.project
  name    = "${var.name}-spool"
  zone    = var.network.zone
  type    = "pd-balanced"
  size    = 10
}

resource "google_compute_instance" "this" {
  project                   = var.project
  name                      = var.name
  zone                      = var.network.zone
  machine_type              = "e2-small"
  allow_stopping_for_update = true

  boot_disk {
    initialize_params {
      image = "cos-cloud/cos-stable"
    }
  }
  attached_disk {
    source      = google_compute_disk.spool.id
    device_name = "spool"
  }
  network_interface {
    subnetwork = var.network.subnetwork
  }
  service_account {
    email  = google_service_account.this.email
    scopes = ["cloud-platform"]
  }
  shielded_instance_config {
    enable_secure_boot = true
  }
  metadata = {
    user-data              = "#cloud-config\n${yamlencode(local.cloud_config)}"
    google-logging-enabled = "true"
    block-project-ssh-keys = "true"
  }
}

resource "google_service_account" "this" {
  project      = var.project
  account_id   = var.name
  display_name = "Falco and the tfdrift forwarder"
}

resource "google_pubsub_topic_iam_member" "relay" {
  project = var.project
  topic   = var.topic
  role    = "roles/pubsub.publisher"
  member  = google_service_account.this.member
}

resource "google_pubsub_subscription_iam_member" "read" {
  project      = var.project
  subscription = var.audit_subscription
  role         = "roles/pubsub.subscriber"
  member       = google_service_account.this.member
}

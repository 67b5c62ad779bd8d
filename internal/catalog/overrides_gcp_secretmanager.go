package catalog

import "tfdrift/internal/drift"

var googleSecretManagerOverrides = [...]Row{
	{Source: "secretmanager", Event: "AddSecretVersion", Type: "google_secret_manager_regional_secret_version", Effect: drift.Create, ID: "*=new", NewID: "response:name", Within: "google_secret_manager_regional_secret *=resource", When: "resource:location!="},
	{Source: "secretmanager", Event: "AddSecretVersion", Type: "google_secret_manager_secret_version", Effect: drift.Create, ID: "*=new", NewID: "response:name", Within: "google_secret_manager_secret *=resource", When: "resource:location="},
	{Source: "secretmanager", Event: "CreateSecret", Type: "google_secret_manager_regional_secret", Effect: drift.Create, ID: "*=new", NewID: "{resource}/secrets/{secretId}", When: "resource:location!="},
	{Source: "secretmanager", Event: "CreateSecret", Type: "google_secret_manager_secret", Effect: drift.Create, ID: "*=new", NewID: "{resource}/secrets/{secretId}", When: "resource:location="},
	{Source: "secretmanager", Event: "DeleteSecret", Type: "google_secret_manager_regional_secret", Effect: drift.Delete, ID: "*=resource"},
	{Source: "secretmanager", Event: "DestroySecretVersion", Type: "google_secret_manager_regional_secret_version", Effect: drift.Delete, ID: "*=resource"},
	{Source: "secretmanager", Event: "DestroySecretVersion", Type: "google_secret_manager_secret_version", Effect: drift.Delete, ID: "*=resource"},
	{Source: "secretmanager", Event: "DisableSecretVersion", Type: "google_secret_manager_regional_secret_version", Effect: drift.Set, ID: "*=resource", Sets: "enabled=false"},
	{Source: "secretmanager", Event: "DisableSecretVersion", Type: "google_secret_manager_secret_version", Effect: drift.Set, ID: "*=resource", Sets: "enabled=false"},
	{Source: "secretmanager", Event: "EnableSecretVersion", Type: "google_secret_manager_regional_secret_version", Effect: drift.Set, ID: "*=resource", Sets: "enabled=true"},
	{Source: "secretmanager", Event: "EnableSecretVersion", Type: "google_secret_manager_secret_version", Effect: drift.Set, ID: "*=resource", Sets: "enabled=true"},
	{Source: "secretmanager", Event: "UpdateSecret", Type: "google_secret_manager_regional_secret", Effect: drift.Set, ID: "*=resource"},
}

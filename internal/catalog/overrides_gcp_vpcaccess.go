package catalog

import "tfdrift/internal/drift"

var googleVPCAccessOverrides = [...]Row{
	{Source: "vpcaccess", Event: "UpdateConnector", Type: "google_vpc_access_connector", Effect: drift.Set, ID: "*=resource", Params: "state=- connectedProjects=-"},
}

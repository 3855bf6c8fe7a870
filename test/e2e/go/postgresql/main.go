// Command postgresql is the plugin of Vault's database engine for PostgreSQL, for a Vault built without it.
package main

import (
	"github.com/hashicorp/vault/plugins/database/postgresql"
	"github.com/hashicorp/vault/sdk/database/dbplugin/v5"
)

func main() {
	dbplugin.ServeMultiplex(postgresql.New)
}

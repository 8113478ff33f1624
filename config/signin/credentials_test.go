package signin

import (
	"testing"

	"m365lake/config"
)

const readerYAML = `
tenants:
  - name: contoso
    tenant_id: 11111111-1111-1111-1111-111111111111
    client_id: 22222222-2222-2222-2222-222222222222
    client_secret: {env: READER_SECRET}
`

// Provisioning is off, and signs in as for reading, unless the file says otherwise.
func TestWriterSignsInAsReaderUnlessNamed(t *testing.T) {
	t.Setenv("READER_SECRET", "reads")
	t.Setenv("WRITER_SECRET", "writes")
	for text, want := range map[string]struct {
		enabled          bool
		clientID, secret string
	}{
		readerYAML: {false, "22222222-2222-2222-2222-222222222222", "reads"},
		readerYAML + "provisioning: {enabled: true}\n": {true, "22222222-2222-2222-2222-222222222222", "reads"},
		readerYAML + "    provisioning: {client_id: 33333333-3333-3333-3333-333333333333, " +
			"client_secret: {env: WRITER_SECRET}}\n": {false, "33333333-3333-3333-3333-333333333333", "writes"},
	} {
		c, err := config.Parse("p.yaml", []byte(text))
		if err != nil {
			t.Fatal(err)
		}
		credentials, err := WriterCredentials(c.Tenants[0])
		if err != nil || c.Provisioning.Enabled != want.enabled ||
			credentials.ClientID != want.clientID || credentials.ClientSecret != want.secret {
			t.Errorf("%s%v %v %v", text, c.Provisioning, credentials, err)
		}
		reader, err := Credentials(c.Tenants[0])
		if err != nil || reader.ClientSecret != "reads" {
			t.Errorf("reading signs in with %v: %v", reader, err)
		}
	}
}

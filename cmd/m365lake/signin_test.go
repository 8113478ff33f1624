package main

import (
	"bytes"
	"crypto/rand"
	"crypto/rsa"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/pem"
	"io/fs"
	"math/big"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/klauspost/compress/zstd"
	"software.sslmate.com/src/go-pkcs12"

	"m365lake/pipeline/datafolder"
	"m365lake/sandbox"
)

// keyPair is a self-signed certificate with its key.
func keyPair(t *testing.T) (*rsa.PrivateKey, *x509.Certificate) {
	t.Helper()
	key, err := rsa.GenerateKey(rand.Reader, 2048)
	if err != nil {
		t.Fatal(err)
	}
	template := &x509.Certificate{
		SerialNumber: big.NewInt(1), Subject: pkix.Name{CommonName: "m365lake"},
		NotBefore: time.Now().Add(-time.Hour), NotAfter: time.Now().Add(time.Hour),
	}
	der, err := x509.CreateCertificate(rand.Reader, template, template, &key.PublicKey, key)
	if err != nil {
		t.Fatal(err)
	}
	certificate, err := x509.ParseCertificate(der)
	if err != nil {
		t.Fatal(err)
	}
	return key, certificate
}

func pemText(t *testing.T, key *rsa.PrivateKey, certificate *x509.Certificate) (keyText, certificateText string) {
	t.Helper()
	der, err := x509.MarshalPKCS8PrivateKey(key)
	if err != nil {
		t.Fatal(err)
	}
	return string(pem.EncodeToMemory(&pem.Block{Type: "PRIVATE KEY", Bytes: der})),
		string(pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: certificate.Raw}))
}

// Every way to sign in that needs no person, over HTTP, with one token request each: two nights of
// many tenants, because the environment names either App Service or nothing. Nothing a run wrote or
// said holds a secret, a token or an assertion.
func TestSignInWithoutAPerson(t *testing.T) {
	key, certificate := keyPair(t)
	keyText, certificateText := pemText(t, key, certificate)
	pfx, err := pkcs12.Modern.Encode(key, certificate, nil, "opens the file")
	if err != nil {
		t.Fatal(err)
	}
	type way struct{ name, auth, path string }
	for name, ways := range map[string][]way{
		"with App Service": {
			{"pem-two-files", "{certificate: {file: certificate.pem, key: key.pem}}", "/oauth2/v2.0/token"},
			{"pem-one-file", "{certificate: {file: both.pem}}", "/oauth2/v2.0/token"},
			{"pfx", "{certificate: {file: certificate.pfx, password: {env: PFX_PASSWORD}}}", "/oauth2/v2.0/token"},
			{"token-file", "{federation: {token_file: token}}", "/oauth2/v2.0/token"},
			{"kubernetes", "{federation: kubernetes}", "/oauth2/v2.0/token"},
			{"github", "{federation: github}", "/oauth2/v2.0/token"},
			{"app-service", "{managed_identity: user}", "/msi/token"},
		},
		"with the metadata service": {
			{"own-identity", "{managed_identity: system}", "/metadata/identity/oauth2/token"},
			{"assigned-identity", "{managed_identity: user}", "/metadata/identity/oauth2/token"},
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Setenv("PFX_PASSWORD", "opens the file")
			t.Setenv("IDENTITY_ENDPOINT", "")
			all := &servedSandbox{config: filepath.Join(t.TempDir(), "pipelines.yaml"), day: "2026-11-20"}
			write(t, all.beside("key.pem"), keyText)
			write(t, all.beside("certificate.pem"), certificateText)
			write(t, all.beside("both.pem"), keyText+certificateText)
			write(t, all.beside("certificate.pfx"), string(pfx))
			config := "tenants:\n"
			served := map[string]*servedSandbox{}
			for i, way := range ways {
				s := serveSandbox(t, sandboxOptions{users: 20, seed: uint64(i + 1), day: all.day, reports: " "})
				served[way.name] = s
				s.signInBy(t, way.auth)
				s.server.TrustCertificate(certificate)
				token := s.server.FederatedToken(sandbox.FederatedSubject, sandbox.FederatedAudience) + "\n"
				switch way.name {
				case "token-file":
					write(t, all.beside("token"), token)
				case "kubernetes":
					write(t, s.beside("token"), token)
					t.Setenv("AZURE_FEDERATED_TOKEN_FILE", s.beside("token"))
				case "github":
					t.Setenv("ACTIONS_ID_TOKEN_REQUEST_URL", s.server.WorkflowTokenURL())
					t.Setenv("ACTIONS_ID_TOKEN_REQUEST_TOKEN", s.server.WorkflowBearer())
				case "app-service":
					t.Setenv("IDENTITY_ENDPOINT", s.server.IdentityEndpoint())
					t.Setenv("IDENTITY_HEADER", s.server.IdentityHeader())
				}
				_, tenant, _ := strings.Cut(s.text(t), "tenants:\n")
				config += strings.TrimRight(strings.Replace(tenant, "name: sandbox", "name: "+way.name, 1), " \n") + "\n"
			}
			write(t, all.config, config+"reports: [teams_user_activity_detail]\nperiods: [D7]\n")
			data := filepath.Join(t.TempDir(), "d")
			said := all.sync(t, data, exitGood)
			for _, way := range ways {
				s := served[way.name]
				if !strings.Contains(said, way.name+": 20 users, 1 of 1 reports good") {
					t.Errorf("%s: %s", way.name, said)
				}
				if n := s.requests(way.path); n != 1 {
					t.Errorf("%s: %d requests to %s", way.name, n, way.path)
				}
				secrets := s.server.Secrets()
				if known := len(secrets); known < 5 {
					t.Errorf("%s: the sandbox knows %d secrets only", way.name, known)
				}
				holdsNone(t, said, data, append(secrets, "opens the file", strings.Split(keyText, "\n")[1]))
			}
		})
	}
}

// What is refused costs one token request, names the remedy and shows no secret.
func TestSignInRefused(t *testing.T) {
	key, certificate := keyPair(t)
	keyText, certificateText := pemText(t, key, certificate)
	_, stranger := keyPair(t)
	for _, way := range []struct {
		name, auth, token, want string
		path                    string
		requests                int
	}{
		{"a certificate nobody registered", "{certificate: {file: both.pem}}", "", "AADSTS700027: .*register the certificate",
			"/oauth2/v2.0/token", 1},
		{"another subject", "{federation: {token_file: token}}", "repo:somebody/else",
			"AADSTS700213: .*compare issuer, subject and audience", "/oauth2/v2.0/token", 1},
		{"no token in the file", "{federation: {token_file: certificate.pem}}", "", "holds no signed token",
			"/oauth2/v2.0/token", 0},
		{"no file", "{federation: {token_file: nowhere}}", "", "nowhere: no such file", "/oauth2/v2.0/token", 0},
		{"a certificate and the key of another", "{certificate: {file: stranger.pem, key: key.pem}}", "",
			"is not that of the private key", "/", 0},
		{"a PFX that is none", "{certificate: {file: token}}", "x", "neither PEM nor a PFX", "/", 0},
		{"Kubernetes without its label", "{federation: kubernetes}", "", "AZURE_FEDERATED_TOKEN_FILE is empty; label", "/",
			0},
	} {
		t.Run(way.name, func(t *testing.T) {
			s := serveSandbox(t, sandboxOptions{users: 5, seed: 3, day: "2026-11-20"})
			s.signInBy(t, way.auth)
			s.server.TrustCertificate(stranger)
			_, strangerText := pemText(t, key, stranger)
			write(t, s.beside("both.pem"), keyText+certificateText)
			write(t, s.beside("key.pem"), keyText)
			write(t, s.beside("certificate.pem"), certificateText)
			write(t, s.beside("stranger.pem"), strangerText)
			write(t, s.beside("token"), s.server.FederatedToken(way.token, sandbox.FederatedAudience))
			t.Setenv("AZURE_FEDERATED_TOKEN_FILE", "")
			data := filepath.Join(t.TempDir(), "d")
			said := s.sync(t, data, exitNothing)
			if !regexp.MustCompile(way.want).MatchString(said) {
				t.Errorf("%q says nothing of %q", said, way.want)
			}
			if n := s.requests(way.path); n != way.requests {
				t.Errorf("%d requests to %s", n, way.path)
			}
			holdsNone(t, said, data, append(s.server.Secrets(), strings.Split(keyText, "\n")[1]))
		})
	}
}

// beside is a path in the folder of the configuration.
func (s *servedSandbox) beside(name string) string {
	return filepath.Join(filepath.Dir(s.config), name)
}

// text is the configuration.
func (s *servedSandbox) text(t *testing.T) string {
	t.Helper()
	text, err := os.ReadFile(s.config)
	if err != nil {
		t.Fatal(err)
	}
	return string(text)
}

// signInBy puts another way in the client secret's place.
func (s *servedSandbox) signInBy(t *testing.T, auth string) {
	t.Helper()
	lines := strings.Split(s.text(t), "\n")
	for i, line := range lines {
		if strings.HasPrefix(line, "    client_secret:") {
			lines[i] = "    auth: " + auth
		}
		if strings.HasPrefix(line, "#") {
			lines[i] = "#" // the secret stands there for people
		}
		lines[i] = strings.Replace(lines[i], "endpoints: {", `endpoints: {metadata: "`+s.server.URL()+`", `, 1)
	}
	write(t, s.config, strings.Join(lines, "\n"))
}

// requests counts those whose path contains a text.
func (s *servedSandbox) requests(path string) (n int) {
	for _, r := range s.server.Requests() {
		if strings.Contains(r.Path, path) {
			n++
		}
	}
	return n
}

// holdsNone greps what a run said and every file of its folders, unpacked where it is packed.
func holdsNone(t *testing.T, said, folder string, secrets []string) {
	t.Helper()
	look := func(where string, text []byte) {
		for _, secret := range secrets {
			if len(secret) < 5 {
				t.Fatalf("%q is no secret", secret)
			}
			if bytes.Contains(text, []byte(secret)) {
				t.Errorf("%s holds the secret %.12s...", where, secret)
			}
		}
	}
	look("the output", []byte(said))
	unpack, err := zstd.NewReader(nil)
	if err != nil {
		t.Fatal(err)
	}
	defer unpack.Close()
	files := 0
	err = filepath.WalkDir(folder, func(path string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return err
		}
		text, err := os.ReadFile(path)
		if err != nil {
			return err
		}
		look(path, text)
		if strings.HasSuffix(path, ".zst") {
			if text, err = unpack.DecodeAll(text, nil); err != nil {
				return err
			}
			look(path+", unpacked", text)
		}
		files++
		return nil
	})
	if err != nil || files == 0 {
		t.Errorf("%d files in %s: %v", files, folder, err)
	}
	// Parquet and DuckDB pack their columns: what a run writes of itself is read back.
	if !datafolder.Exists(datafolder.Folder{Root: folder}.Warehouse()) {
		return
	}
	for _, table := range []string{"runs", "run_steps", "report_status"} {
		look(table, []byte(strings.Join(answer(t, folder, "FROM "+table), "\n")))
	}
}

package auth

// passingAADSTS are faults of the sign-in service, and its throttling.
// Source: https://learn.microsoft.com/entra/identity-platform/reference-error-codes
var passingAADSTS = []int{90033, 90024, 90012, 50033, 90055}

// remedies says what to do about an AADSTS number. Numbers are hints for people: the program goes
// by the OAuth error code and the status.
// Source: https://learn.microsoft.com/entra/identity-platform/reference-error-codes
var remedies = byNumber([]remedyOf{
	{"use the secret's value, not its id, and see that it belongs to this client id", []int{7000215}},
	{"the secret has expired: create a new one for the app registration, or use a certificate", []int{7000222}},
	{
		"the application is not in this tenant: check client id and tenant id, and that an administrator consented",
		[]int{700016, 700011},
	},
	{"there is no such tenant in this cloud: check the tenant id and the cloud", []int{90002}},
	{"the tenant lives in another national cloud: change the cloud", []int{90038, 900382, 900432}},
	{"the application is disabled: enable the enterprise application in this tenant", []int{7000112, 70001}},
	{
		"the assertion's signature is not valid: register the certificate, and see that key and thumbprint fit",
		[]int{700027},
	},
	{
		"the assertion is outside its validity: set this machine's clock, and make a new assertion per request",
		[]int{700024},
	},
	{"the assertion is malformed or for another audience: check its aud, iss and sub", []int{50012, 50013, 50027}},
	{"the assertion's subject is not its issuer: sub must equal iss", []int{50048}},
	{"no federated credential fits: compare issuer, subject and audience, letter by letter", []int{700213, 70021}},
	{"a public client must not send a secret: drop it, or make the registration confidential", []int{700025}},
	{"the registration asks for a secret or an assertion: give one, or allow public client flows", []int{7000218}},
	{"nobody consented: let an administrator consent, then sign in again", []int{65001}},
	{"an administrator has to consent: open the admin consent address of the application", []int{90094, 90095}},
	{
		"a permission is not listed on the registration: correct its API permissions and consent again",
		[]int{650056, 650057, 65005},
	},
	{"Graph of this address is not in the tenant: the scope's host belongs to another cloud", []int{500011}},
	{"the scope is not valid: client credentials use the Graph root and /.default", []int{70011, 28002, 1002012}},
	{"the scopes belong to several resources: ask for one resource at a time", []int{700022}},
	{"the redirect address is not registered: correct the registration", []int{50011}},
	{"the PKCE verifier does not fit: sign in again from the start", []int{501481}},
	{"the code was used already: sign in again from the start", []int{54005}},
	{"multi-factor authentication is needed: sign in interactively", []int{50076, 50079, 50072, 50074}},
	{"blocked by Conditional Access: exclude this application or this location, or satisfy the policy", []int{53003}},
	{"the device does not satisfy a policy: sign in from a compliant device", []int{53000, 53001, 530035}},
	{
		"the user cannot sign in: check that account, password and user name are right and enabled",
		[]int{50057, 50055, 50126, 50034},
	},
	{"the user is not assigned to the application: assign the user", []int{50105}},
	{"the sign-in has ended: sign in again", []int{50173, 70043, 700082, 70008}},
	{"the device code is not confirmed yet, or has ended: confirm it, or begin again", []int{70016, 70019, 70018}},
	{"tokens are asked for in a loop: wait some minutes and see what else signs in with this client id", []int{50196}},
	{"the application belongs to one tenant: write the tenant's id instead of common", []int{50194}},
	{"a passing fault of the sign-in service: run again later", passingAADSTS},
})

// remedyOf is a sentence for the reader, and the numbers it is for.
type remedyOf struct {
	text    string
	numbers []int
}

func byNumber(groups []remedyOf) map[int]string {
	remedies := map[int]string{}
	for _, group := range groups {
		for _, n := range group.numbers {
			remedies[n] = group.text
		}
	}
	return remedies
}

package company

// A PersonName is written one way in a display name and another in a sign-in name, which allows ASCII only.
type PersonName struct{ Written, ascii string }

var firstNames = []PersonName{
	{"Anna", "anna"}, {"Zoë", "zoe"}, {"José", "jose"}, {"Łukasz", "lukasz"}, {"Søren", "soren"},
	{"Priya", "priya"}, {"Marie", "marie"}, {"François", "francois"}, {"Ana", "ana"}, {"Björn", "bjorn"},
	{"Chloé", "chloe"}, {"Daniel", "daniel"}, {"Emma", "emma"}, {"Farid", "farid"}, {"Grace", "grace"},
	{"Hanna", "hanna"}, {"Igor", "igor"}, {"Jana", "jana"}, {"Kofi", "kofi"}, {"Lena", "lena"},
	{"Mateo", "mateo"}, {"Nadia", "nadia"}, {"Oskar", "oskar"}, {"Paula", "paula"}, {"Quentin", "quentin"},
	{"Rahul", "rahul"}, {"Sofía", "sofia"}, {"Tomáš", "tomas"}, {"Ursula", "ursula"}, {"Víctor", "victor"},
	{"Wen", "wen"}, {"Xenia", "xenia"}, {"Yusuf", "yusuf"}, {"Zuzanna", "zuzanna"}, {"Aisha", "aisha"},
	{"Bruno", "bruno"}, {"Carla", "carla"}, {"David", "david"}, {"Élodie", "elodie"}, {"Felix", "felix"},
	{"Giulia", "giulia"}, {"Henrik", "henrik"}, {"Ingrid", "ingrid"}, {"João", "joao"}, {"Karim", "karim"},
	{"Laura", "laura"}, {"Miriam", "miriam"}, {"Noah", "noah"}, {"Olivia", "olivia"}, {"Pavel", "pavel"},
	{"Rosa", "rosa"}, {"Samuel", "samuel"}, {"Tara", "tara"}, {"Ulrich", "ulrich"}, {"Vera", "vera"},
	{"William", "william"}, {"Yara", "yara"}, {"Zeynep", "zeynep"}, {"Jean-Luc", "jean-luc"}, {"Mei", "mei"},
}

var lastNames = []PersonName{
	{"Müller", "mueller"}, {"O'Brien", "o'brien"}, {"D'Angelo", "d'angelo"}, {"Nguyễn", "nguyen"}, {"García", "garcia"},
	{"Kowalski", "kowalski"}, {"Jørgensen", "jorgensen"}, {"Smith", "smith"}, {"Dubois", "dubois"}, {"Rossi", "rossi"},
	{"Sharma", "sharma"}, {"Okafor", "okafor"}, {"Weiß", "weiss"}, {"Svensson", "svensson"}, {"Novák", "novak"},
	{
		"Silva",
		"silva",
	}, {"Haddad", "haddad"}, {"Tanaka", "tanaka"}, {"Petrov", "petrov"}, {"van der Berg", "vanderberg"},
	{"Lindqvist", "lindqvist"}, {"Fernández", "fernandez"}, {"Meier", "meier"}, {"Brown", "brown"}, {"Çelik", "celik"},
	{"Kaya", "kaya"}, {"Bakker", "bakker"}, {"Moreau", "moreau"}, {"Lefèvre", "lefevre"}, {"Costa", "costa"},
	{"Iyer", "iyer"}, {"Mensah", "mensah"}, {"Walker", "walker"}, {"Keller", "keller"}, {"Schäfer", "schaefer"},
	{
		"Zieliński",
		"zielinski",
	}, {"Horvat", "horvat"}, {"Papadakis", "papadakis"}, {"Andersen", "andersen"}, {"Hughes", "hughes"},
	{"Ito", "ito"}, {"Rahman", "rahman"}, {"Peña", "pena"}, {"Laurent", "laurent"}, {"Fischer", "fischer"},
	{"Bianchi", "bianchi"}, {"Evans", "evans"}, {"Öztürk", "oeztuerk"}, {"Vogel", "vogel"}, {"Nilsen", "nilsen"},
	{"Reyes", "reyes"}, {"Santos", "santos"}, {"Clarke", "clarke"}, {"Dvořák", "dvorak"}, {"Hoffmann", "hoffmann"},
	{
		"Khan",
		"khan",
	}, {"Lopes", "lopes"}, {"Marchetti", "marchetti"}, {"Ní Dhomhnaill", "nidhomhnaill"}, {"Pereira", "pereira"},
	{"Richter", "richter"}, {"Sato", "sato"}, {"Tremblay", "tremblay"}, {"Varga", "varga"}, {"Wójcik", "wojcik"},
	{
		"Young",
		"young",
	}, {"Zimmermann", "zimmermann"}, {"Abebe", "abebe"}, {"Baptiste", "baptiste"}, {"Chaudhary", "chaudhary"},
}

var serviceNames = []PersonName{
	{"Backup", "backup"}, {"Scan to Mail", "scan2mail"}, {"Directory Sync", "dirsync"}, {"Monitoring", "monitoring"},
	{
		"Print Service",
		"print",
	}, {"Meeting Room Panel", "roompanel"}, {"Webhook Relay", "webhook"}, {"Break Glass", "breakglass"},
}

// partners are where guests come from. All of them use names reserved for examples.
var partners = []string{"northwharf.example", "ateliersoleil.example", "kaldera.example", "baumhaus.example"}

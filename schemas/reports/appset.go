package reports

// An AppSet is a set of apps: bit i is the i-th of Apps.
type AppSet uint32

// AppNamed returns the set of one app. It panics on an unknown name: names are part of the program.
func AppNamed(name string) AppSet {
	for i, app := range Apps() {
		if app.Name == name {
			return 1 << i
		}
	}
	panic("reports: no app is called " + name)
}

// Names returns the names of the apps, in the order of Apps.
func (s AppSet) Names() []string {
	names := []string{}
	for i, app := range Apps() {
		if s&(1<<i) != 0 {
			names = append(names, app.Name)
		}
	}
	return names
}

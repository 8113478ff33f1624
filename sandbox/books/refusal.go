package books

import "m365lake/sandbox/odata"

// A write that is refused changes nothing. It is refused in Graph's own words.

// refuse returns the outcome of a write that is refused.
func refuse(a odata.Answer) Outcome { return Outcome{Refused: &a} }

// badRequest is the refusal of what the directory cannot do.
func badRequest(message string) *odata.Answer {
	a := odata.BadRequest(message)
	return &a
}

// invalidValue is the refusal of a value that a property cannot have.
func invalidValue(name string) *odata.Answer {
	return badRequest("Invalid value specified for property '" + name + "' of resource 'User'.")
}

// onPremises is the refusal about those whose home is the company's own directory.
func onPremises() odata.Answer {
	return odata.BadRequest("Unable to update the specified properties for on-premises mastered Directory Sync " +
		"objects or " +
		"objects currently undergoing migration.")
}

// nameTaken is the refusal of a user principal name that somebody has.
func nameTaken() *odata.Answer {
	const message = "Another object with the same value for property userPrincipalName already exists."
	a := odata.BadRequest(message)
	a.Details = `[{"code":"ObjectConflict","message":"` + message + `","target":"userPrincipalName"}]`
	return &a
}

package rules

import (
	"github.com/distribution/reference"
)

// imageName is what the name of an image says of the code in it.
type imageName struct {
	// tag is empty where the name has none.
	tag string
	// pinned says that the name has a digest, which names one image for ever.
	pinned bool
}

// parseImage reports false for a name that is not valid, which no node can pull.
func parseImage(image string) (imageName, bool) {
	named, err := reference.ParseNormalizedNamed(image)
	if err != nil {
		return imageName{}, false
	}
	var name imageName
	if tagged, ok := named.(reference.Tagged); ok {
		name.tag = tagged.Tag()
	}
	_, name.pinned = named.(reference.Digested)
	return name, true
}

// mutable returns why an image name can come to mean other code: empty if it cannot, or if it is not
// valid.
func mutable(image string) string {
	name, valid := parseImage(image)
	switch {
	case !valid || name.pinned:
		return ""
	case name.tag == "":
		return "has no tag, which means latest"
	case name.tag == "latest":
		return "has the tag latest"
	}
	return ""
}

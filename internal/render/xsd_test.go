package render_test

import (
	"bytes"
	"encoding/xml"
	"errors"
	"fmt"
	"io"
	"os"
	"strconv"
	"testing"
)

// xsd is as much of XML Schema as JUnit's is written in: elements with attributes, whose children follow one
// another in a sequence of references. There is no Go module to be had that knows all of it.
type xsd struct {
	Elements []xsdElement `xml:"element"`
}

type xsdElement struct {
	Name       string         `xml:"name,attr"`
	Children   []xsdReference `xml:"complexType>sequence>element"`
	Attributes []xsdAttribute `xml:"complexType>attribute"`
}

type xsdReference struct {
	Ref string `xml:"ref,attr"`
	Min string `xml:"minOccurs,attr"`
	Max string `xml:"maxOccurs,attr"`
}

type xsdAttribute struct {
	Name string `xml:"name,attr"`
	Use  string `xml:"use,attr"`
}

// element is any XML element.
type element struct {
	XMLName    xml.Name
	Attributes []xml.Attr `xml:",any,attr"`
	Children   []element  `xml:",any"`
}

func loadXSD(t *testing.T, path string) xsd {
	t.Helper()
	data, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	var schema xsd
	if err := xml.Unmarshal(data, &schema); err != nil {
		t.Fatal(err)
	}
	return schema
}

func (x xsd) validate(document []byte) error {
	decoder := xml.NewDecoder(bytes.NewReader(document))
	var root element
	if err := decoder.Decode(&root); err != nil {
		return err
	}
	if _, err := decoder.Token(); err != nil && !errors.Is(err, io.EOF) {
		return err
	}
	return x.element(root)
}

func (x xsd) element(node element) error {
	for _, declared := range x.Elements {
		if declared.Name == node.XMLName.Local {
			return errors.Join(declared.attributes(node), x.sequence(declared, node))
		}
	}
	return fmt.Errorf("there is no element <%s>", node.XMLName.Local)
}

func (d xsdElement) attributes(node element) error {
	known := map[string]bool{}
	for _, attribute := range node.Attributes {
		known[attribute.Name.Local] = false
	}
	for _, declared := range d.Attributes {
		_, written := known[declared.Name]
		if !written && declared.Use == "required" {
			return fmt.Errorf("<%s> lacks %s", d.Name, declared.Name)
		}
		delete(known, declared.Name)
	}
	for name := range known {
		return fmt.Errorf("<%s> may have no attribute %s", d.Name, name)
	}
	return nil
}

// sequence holds the children to their order and number.
func (x xsd) sequence(declared xsdElement, node element) error {
	rest := node.Children
	for _, reference := range declared.Children {
		count := 0
		for ; count < len(rest) && rest[count].XMLName.Local == reference.Ref; count++ {
			if err := x.element(rest[count]); err != nil {
				return err
			}
		}
		rest = rest[count:]
		if count < occurs(reference.Min) || reference.Max != "unbounded" && count > occurs(reference.Max) {
			return fmt.Errorf("<%s> has %d of <%s>", declared.Name, count, reference.Ref)
		}
	}
	if len(rest) > 0 {
		return fmt.Errorf("<%s> may have no <%s> here", declared.Name, rest[0].XMLName.Local)
	}
	return nil
}

// occurs is a number of occurrences: 1 where nothing is written.
func occurs(written string) int {
	number, err := strconv.Atoi(written)
	if err != nil {
		return 1
	}
	return number
}

func TestTheSchemaOfJUnitRejectsWhatIsWrong(t *testing.T) {
	schema := loadXSD(t, "testdata/schemas/junit.xsd")
	tests := map[string]string{
		`<testcases/>`: "there is no element <testcases>",
		`<testsuites><testsuite tests="1"/></testsuites>`:                                             "<testsuite> lacks name",
		`<testsuites mood="good"/>`:                                                                   "<testsuites> may have no attribute mood",
		`<testsuites><testcase name="a"/></testsuites>`:                                               "<testsuites> may have no <testcase> here",
		`<testcase name="a"><skipped/><skipped/></testcase>`:                                          "<testcase> has 2 of <skipped>",
		`<testcase name="a"><system-out/><failure/></testcase>`:                                       "<testcase> may have no <failure> here",
		`<testsuite name="a" tests="1"><properties/></testsuite>`:                                     "<properties> has 0 of <property>",
		`<testsuite name="a" tests="1"><testcase name="b"><failure type="c"/></testcase></testsuite>`: "",
	}
	for document, want := range tests {
		got := ""
		if err := schema.validate([]byte(document)); err != nil {
			got = err.Error()
		}
		if got != want {
			t.Errorf("%s: %q, want %q", document, got, want)
		}
	}
}

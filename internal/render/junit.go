package render

import (
	"encoding/xml"
	"fmt"
	"io"

	"greenlight.dev/greenlight/api/v1alpha1"
	"greenlight.dev/greenlight/internal/check"
)

// The elements of a JUnit report, as Jenkins reads them.
type (
	testSuites struct {
		XMLName  xml.Name     `xml:"testsuites"`
		Name     string       `xml:"name,attr"`
		Tests    int          `xml:"tests,attr"`
		Failures int          `xml:"failures,attr"`
		Errors   int          `xml:"errors,attr"`
		Suites   []*testSuite `xml:"testsuite"`
	}
	testSuite struct {
		Name     string     `xml:"name,attr"`
		Tests    int        `xml:"tests,attr"`
		Failures int        `xml:"failures,attr"`
		Errors   int        `xml:"errors,attr"`
		Skipped  int        `xml:"skipped,attr"`
		Cases    []testCase `xml:"testcase"`
	}
	testCase struct {
		ClassName string   `xml:"classname,attr"`
		Name      string   `xml:"name,attr"`
		Skipped   *string  `xml:"skipped"`
		Error     *problem `xml:"error"`
		Failure   *problem `xml:"failure"`
		SystemOut string   `xml:"system-out,omitempty"`
	}
	problem struct {
		Type    string `xml:"type,attr"`
		Message string `xml:"message,attr"`
		Text    string `xml:",chardata"`
	}
)

// JUnit writes a test suite for each file, and in it a test case for each finding, error and rule that was
// not evaluated. A file without any has one case, which passes: CI takes a report without cases for broken.
func JUnit(w io.Writer, result *check.Result) error {
	suites := suites{named: map[string]*testSuite{}}
	for _, file := range result.Files {
		suites.of(file)
	}
	for _, fault := range result.Errors {
		suites.of(fault.File).add(testCase{Name: "input", Error: &problem{"error", fault.Message, fault.String()}})
	}
	for _, finding := range result.Findings {
		suites.of(finding.File).add(judged(finding))
	}
	for _, exempted := range result.Exempted {
		suites.of(exempted.File).add(passedOver(exempted.Object, exempted.Rule+": "+exempted.Path, "lifted by "+exempted.By))
	}
	for _, skipped := range result.Skipped {
		suites.of(skipped.File).add(passedOver(skipped.Object, skipped.Rule, "not evaluated: "+skipped.Reason))
	}
	if _, err := io.WriteString(w, xml.Header); err != nil {
		return err
	}
	encoder := xml.NewEncoder(w)
	encoder.Indent("", "  ")
	if err := encoder.Encode(suites.sum()); err != nil {
		return err
	}
	_, err := io.WriteString(w, "\n")
	return err
}

// judged fails for what is denied or warned about. What is only noted passes, and says so.
func judged(finding check.Finding) testCase {
	test := testCase{ClassName: finding.Object.String(), Name: finding.Rule + ": " + finding.Path}
	text := fmt.Sprintf("%s:%d:%d\n%s\nSee %s", finding.File, finding.Line, finding.Column, advice(finding), finding.URL)
	if finding.Mode == v1alpha1.Audit {
		test.SystemOut = text
	} else {
		test.Failure = &problem{string(finding.Mode), finding.Message, text}
	}
	return test
}

func passedOver(object check.Object, name, reason string) testCase {
	return testCase{ClassName: object.String(), Name: name, Skipped: &reason}
}

// suites are the test suites, in the order in which they were asked for.
type suites struct {
	named   map[string]*testSuite
	ordered []*testSuite
}

// of returns the suite of a file. What is of no file, such as that there is no file, has one too.
func (s *suites) of(file string) *testSuite {
	if file == "" {
		file = "greenlight check"
	}
	if s.named[file] == nil {
		s.named[file] = &testSuite{Name: file}
		s.ordered = append(s.ordered, s.named[file])
	}
	return s.named[file]
}

func (s *testSuite) add(test testCase) {
	if test.ClassName == "" {
		test.ClassName = s.Name
	}
	s.Tests++
	switch {
	case test.Failure != nil:
		s.Failures++
	case test.Error != nil:
		s.Errors++
	case test.Skipped != nil:
		s.Skipped++
	}
	s.Cases = append(s.Cases, test)
}

func (s *suites) sum() testSuites {
	sum := testSuites{Name: "greenlight check", Suites: s.ordered}
	for _, suite := range s.ordered {
		if suite.Tests == 0 {
			suite.add(testCase{Name: "no findings"})
		}
		sum.Tests += suite.Tests
		sum.Failures += suite.Failures
		sum.Errors += suite.Errors
	}
	return sum
}

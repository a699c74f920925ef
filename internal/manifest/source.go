package manifest

import "bytes"

// JSON returns the object as JSON, with what aliases stand for written out.
func (d *Document) JSON() ([]byte, error) {
	var encoder encoder
	if err := encoder.encode(d.node()); err != nil {
		return nil, d.encodeError(err)
	}
	return encoder.out, nil
}

// Span returns where in the content of its file the document begins and ends: for an item of a list, that in
// which the list is.
func (d *Document) Span(data []byte) (begin, end int) {
	for range d.Line - 1 {
		begin += lineLength(data[begin:])
	}
	end = begin
	for range d.lines {
		end += lineLength(data[end:])
	}
	return begin, end
}

func lineLength(data []byte) int {
	if end := bytes.IndexByte(data, '\n'); end >= 0 {
		return end + 1
	}
	return len(data)
}

package yamlpatch

import "bytes"

// removeLines removes a member of a mapping in block style.
func (t *text) removeLines(in mapping, index int) ([]edit, error) {
	key, value := in.Content[index], in.Content[index+1]
	begin := t.lines[key.Line-1]
	if len(in.Content) == 2 || len(bytes.TrimSpace(t.data[begin:t.offset(key)])) > 0 {
		return nil, t.errorAt(key, "only a person can remove "+key.Value+" here")
	}
	limit := in.limit
	if index+2 < len(in.Content) {
		limit = in.Content[index+2].Line
	}
	end := t.lines[t.lastLine(value, limit, key.Column)]
	return []edit{{offset: begin, length: end - begin}}, nil
}

// removeFromFlow removes a member of a mapping in flow style, with the comma beside it.
func (t *text) removeFromFlow(in mapping, index int) ([]edit, error) {
	begin := t.offset(in.Content[index])
	if index+2 < len(in.Content) {
		return []edit{{offset: begin, length: t.offset(in.Content[index+2]) - begin}}, nil
	}
	final, closing := t.closing(t.open(in.Node))
	if closing < 0 {
		return nil, t.errorAt(in.Node, misplacedBrace)
	}
	if before := bytes.TrimRight(t.data[:begin], " \t\r\n"); bytes.HasSuffix(before, []byte(",")) {
		begin = len(before) - 1
	}
	return []edit{{offset: begin, length: final + 1 - begin}}, nil
}

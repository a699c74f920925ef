package manifest

import "go.yaml.in/yaml/v3"

// merged returns the keys and values of a mapping, with those that << brings in: what is written in the
// mapping itself wins, then what is named first.
func merged(mapping *yaml.Node) ([]*yaml.Node, error) {
	merges := false
	for i := 0; i < len(mapping.Content); i += 2 {
		merges = merges || isMerge(mapping.Content[i])
	}
	if !merges {
		return mapping.Content, nil
	}
	return mergeInto(nil, mapping, map[*yaml.Node]bool{})
}

func mergeInto(pairs []*yaml.Node, mapping *yaml.Node, open map[*yaml.Node]bool) ([]*yaml.Node, error) {
	if mapping.Kind != yaml.MappingNode || open[mapping] {
		return nil, &nodeError{mapping, "<< takes a mapping, or a list of mappings, that does not contain itself"}
	}
	open[mapping] = true
	defer delete(open, mapping)
	var sources []*yaml.Node
	for i := 0; i < len(mapping.Content); i += 2 {
		key, value := mapping.Content[i], mapping.Content[i+1]
		switch {
		case isMerge(key):
			sources = append(sources, mergeSources(value)...)
		case !has(pairs, key):
			pairs = append(pairs, key, value)
		}
	}
	for _, source := range sources {
		var err error
		if pairs, err = mergeInto(pairs, source, open); err != nil {
			return nil, err
		}
	}
	return pairs, nil
}

func mergeSources(value *yaml.Node) []*yaml.Node {
	value = resolve(value)
	if value.Kind != yaml.SequenceNode {
		return []*yaml.Node{value}
	}
	sources := make([]*yaml.Node, len(value.Content))
	for i, item := range value.Content {
		sources[i] = resolve(item)
	}
	return sources
}

func isMerge(key *yaml.Node) bool { return key.Tag == mergeTag }

func has(pairs []*yaml.Node, key *yaml.Node) bool {
	for i := 0; i < len(pairs); i += 2 {
		if pairs[i].Value == key.Value {
			return true
		}
	}
	return false
}

package config

import (
	"bytes"
	"errors"
	"fmt"
	"unicode/utf8"

	"github.com/goccy/go-yaml"
	"github.com/goccy/go-yaml/ast"
	"github.com/goccy/go-yaml/parser"
	"github.com/goccy/go-yaml/scanner"
	"github.com/goccy/go-yaml/token"
)

// The bounds of a file. The parser's memory and time grow with the product of
// length, depth and length of keys, so each has its own; what a person or a
// tool writes stays far below.
const (
	maxBytes  = 1 << 20
	maxTokens = 100_000
	maxDepth  = 16  // the deepest key lies at 6
	maxKey    = 128 // bytes
	maxValues = 100_000
)

// document parses the text of a file within the bounds. It returns nil for an
// empty document.
func document(name string, text []byte) (body ast.Node, problem *Problem) {
	at := func(pos *token.Position, format string, args ...any) *Problem {
		p := &Problem{File: name, Message: fmt.Sprintf(format, args...)}
		if pos != nil {
			p.Line, p.Column = pos.Line, pos.Column
		}
		return p
	}
	// The parser is written with care but not for foreign input: what makes it
	// panic is no configuration.
	defer func() {
		if r := recover(); r != nil {
			body, problem = nil, at(nil, "the YAML cannot be parsed; look for unclosed brackets, stray anchors or tags")
		}
	}()

	if len(text) > maxBytes {
		return nil, at(nil, "larger than %d bytes, the most that a configuration may have", maxBytes)
	}
	text = bytes.TrimPrefix(text, []byte("\ufeff"))
	if i := badByte(text); i >= 0 {
		pos := &token.Position{Line: 1 + bytes.Count(text[:i], []byte("\n")), Column: i - bytes.LastIndexByte(text[:i], '\n')}
		if text[i] == 0 {
			return nil, at(pos, "a NUL byte; the file is no text, or UTF-16: save it as UTF-8")
		}
		return nil, at(pos, "the byte 0x%02x is no UTF-8; save the file as UTF-8", text[i])
	}

	tokens := tokenize(string(text))
	if pos, message := check(tokens); message != "" {
		return nil, at(pos, "%s", message)
	}
	file, err := parser.Parse(tokens, 0, parser.AllowDuplicateMapKey()) // duplicates are reported with the other problems
	if err != nil {
		// Only the message: the error's text quotes the source, secrets and all.
		var syntax yaml.Error
		if errors.As(err, &syntax) && syntax.GetToken() != nil {
			return nil, at(syntax.GetToken().Position, "no YAML: %s", syntax.GetMessage())
		}
		return nil, at(nil, "no YAML")
	}
	for _, doc := range file.Docs { // one, see check
		body = doc.Body
	}
	return body, nil
}

func badByte(text []byte) int {
	for i := 0; i < len(text); {
		r, size := utf8.DecodeRune(text[i:])
		if r == 0 || r == utf8.RuneError && size == 1 {
			return i
		}
		i += size
	}
	return -1
}

// tokenize is lexer.Tokenize up to the bound that check reports.
func tokenize(text string) token.Tokens {
	var s scanner.Scanner
	s.Init(text)
	var tokens token.Tokens
	for len(tokens) <= maxTokens {
		next, err := s.Scan()
		tokens.Add(next...) // the last may be of type Invalid, which the parser reports
		if err != nil {
			break
		}
	}
	return tokens
}

// check reports where and how the tokens go beyond the bounds or are of YAML
// that no configuration needs, before the recursive parser sees them. It also
// counts documents: the parser drops what follows two headers in a row.
func check(tokens token.Tokens) (*token.Position, string) {
	flow := 0
	var columns []int // of the open block collections
	open := func(column int) {
		for len(columns) > 0 && columns[len(columns)-1] > column {
			columns = columns[:len(columns)-1]
		}
		if len(columns) == 0 || columns[len(columns)-1] < column {
			columns = append(columns, column)
		}
	}
	begun, ended := false, false
	for i, t := range tokens {
		if i == maxTokens {
			return t.Position, fmt.Sprintf("the file has more than %d keys, values and marks", maxTokens)
		}
		switch t.Type {
		case token.CommentType:
			continue
		case token.DirectiveType:
			return t.Position, "directives (%…) are not taken; remove the line"
		case token.DocumentEndType:
			ended = true
			continue
		}
		if ended || t.Type == token.DocumentHeaderType && begun {
			return t.Position, "a second document begins; a configuration is one, so remove the line --- or ..."
		}
		begun = true
		switch t.Type {
		case token.SequenceStartType, token.MappingStartType:
			flow++
		case token.SequenceEndType, token.MappingEndType:
			flow--
		case token.MappingKeyType:
			return t.Position, "keys marked with \"?\" are not taken; write key: value"
		case token.TagType:
			return t.Position, "tags (!…) are not taken; remove it, and quote the value if it is text"
		case token.SequenceEntryType:
			if flow <= 0 {
				open(t.Position.Column)
			}
		case token.MappingValueType:
			if i == 0 {
				break
			}
			key := tokens[i-1]
			if len(key.Value) > maxKey {
				return key.Position, fmt.Sprintf("a key of %d bytes; known keys are short", len(key.Value))
			}
			if key.Type == token.SequenceEndType || key.Type == token.MappingEndType {
				return key.Position, "a list or mapping stands as key; a key is text"
			}
			if flow <= 0 {
				open(key.Position.Column)
			}
		}
		if flow > maxDepth || len(columns) > maxDepth || max(flow, 0)+len(columns) > maxDepth {
			return t.Position, fmt.Sprintf("nested more than %d levels deep", maxDepth)
		}
	}
	return nil, ""
}

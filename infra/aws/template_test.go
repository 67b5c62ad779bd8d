package aws_test

import (
	"fmt"
	"maps"
	"os"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/goccy/go-yaml/ast"
	"github.com/goccy/go-yaml/parser"
)

// here is where a stack is, in either form: CloudFormation's pseudo parameters,
// Terraform's data sources.
type here struct{ partition, region, account, suffix string }

// template is a template of CloudFormation with values for its parameters, as far
// as ours go: what Ref, GetAtt and the conditions say is worked out from names.
type template struct {
	here       here
	parameters map[string]any // string, or []any for lists
	declared   map[string]any
	conditions map[string]any
	globals    map[string]any // of functions
	resources  map[string]any
	outputs    map[string]any
}

// absent is what AWS::NoValue stands for.
type absent struct{}

func readTemplate(t testing.TB, path string, at here, given map[string]any) *template {
	t.Helper()
	file, err := parser.ParseBytes([]byte(read(t, path)), 0)
	if err != nil {
		t.Fatal(err)
	}
	root := plain(t, file.Docs[0].Body).(map[string]any)
	tpl := &template{here: at, parameters: map[string]any{}, declared: root["Parameters"].(map[string]any), resources: root["Resources"].(map[string]any)}
	tpl.conditions, _ = root["Conditions"].(map[string]any)
	tpl.outputs, _ = root["Outputs"].(map[string]any)
	if globals, ok := root["Globals"].(map[string]any); ok {
		tpl.globals = globals["Function"].(map[string]any)
	}
	for name, p := range tpl.declared {
		value, ok := given[name]
		if !ok {
			value = p.(map[string]any)["Default"]
		}
		if p.(map[string]any)["Type"] == "CommaDelimitedList" {
			if one, ok := value.(string); ok {
				value = []any{one} // of "", one empty text, as CloudFormation has it
			}
		}
		tpl.parameters[name] = value
	}
	for name := range given {
		if tpl.declared[name] == nil {
			t.Fatalf("%s has no parameter %s", path, name)
		}
	}
	return tpl
}

// plain turns YAML into values, and the short forms of functions into the long ones.
func plain(t testing.TB, node ast.Node) any {
	t.Helper()
	switch n := node.(type) {
	case *ast.MappingNode:
		m := map[string]any{}
		for _, entry := range n.Values {
			m[text(entry.Key)] = plain(t, entry.Value)
		}
		return m
	case *ast.MappingValueNode:
		return map[string]any{text(n.Key): plain(t, n.Value)}
	case *ast.SequenceNode:
		list := []any{}
		for _, v := range n.Values {
			list = append(list, plain(t, v))
		}
		return list
	case *ast.TagNode:
		value := plain(t, n.Value)
		switch name := strings.TrimPrefix(n.Start.Value, "!"); name {
		case "Ref", "Condition":
			return map[string]any{name: value}
		case "GetAtt":
			resource, attribute, _ := strings.Cut(value.(string), ".")
			return map[string]any{"Fn::GetAtt": []any{resource, attribute}}
		default:
			return map[string]any{"Fn::" + name: value}
		}
	case *ast.LiteralNode:
		return n.Value.Value
	case *ast.StringNode:
		return n.Value
	case *ast.IntegerNode:
		switch i := n.Value.(type) {
		case uint64:
			return float64(i)
		case int64:
			return float64(i)
		}
	case *ast.BoolNode:
		return n.Value
	case *ast.NullNode:
		return nil
	}
	t.Fatalf("%s: a %T is not understood", node.GetPath(), node)
	return nil
}

func text(key ast.MapKeyNode) string {
	if s, ok := key.(*ast.StringNode); ok {
		return s.Value
	}
	return key.String()
}

func (c *template) holds(name string) bool { return c.eval(c.conditions[name]).(bool) }

// there returns a resource's properties, worked out; nil where its condition does
// not hold.
func (c *template) there(id string) map[string]any {
	r := c.resources[id].(map[string]any)
	if condition, ok := r["Condition"].(string); ok && !c.holds(condition) {
		return nil
	}
	properties, _ := r["Properties"].(map[string]any)
	if properties == nil {
		return map[string]any{}
	}
	return c.eval(properties).(map[string]any)
}

func (c *template) typeOf(id string) string {
	return c.resources[id].(map[string]any)["Type"].(string)
}

// ofType are the ids of all resources of a type that are there, in order.
func (c *template) ofType(typ string) (ids []string) {
	for _, id := range slices.Sorted(maps.Keys(c.resources)) {
		if c.typeOf(id) == typ && c.there(id) != nil {
			ids = append(ids, id)
		}
	}
	return ids
}

func (c *template) eval(value any) any {
	switch v := value.(type) {
	case []any:
		list := []any{}
		for _, e := range v {
			if e := c.eval(e); e != (absent{}) {
				list = append(list, e)
			}
		}
		return list
	case map[string]any:
		if len(v) == 1 {
			for name, argument := range v {
				if name == "Ref" || strings.HasPrefix(name, "Fn::") {
					return c.call(name, argument)
				}
				if text, ok := argument.(string); ok && name == "Condition" && c.conditions[text] != nil {
					return c.holds(text)
				}
			}
		}
		m := map[string]any{}
		for key, e := range v {
			if e := c.eval(e); e != (absent{}) {
				m[key] = e
			}
		}
		return m
	}
	return value
}

var inSub = regexp.MustCompile(`\$\{([A-Za-z0-9:.]+)\}`)

func (c *template) call(name string, argument any) any {
	arguments, _ := argument.([]any)
	switch name {
	case "Ref":
		return c.ref(argument.(string))
	case "Fn::GetAtt":
		return c.attribute(arguments[0].(string), arguments[1].(string))
	case "Fn::If":
		if c.holds(arguments[0].(string)) {
			return c.eval(arguments[1])
		}
		return c.eval(arguments[2])
	case "Fn::Not":
		return !c.eval(arguments[0]).(bool)
	case "Fn::And":
		return !slices.ContainsFunc(arguments, func(a any) bool { return !c.eval(a).(bool) })
	case "Fn::Equals":
		return fmt.Sprint(c.eval(arguments[0])) == fmt.Sprint(c.eval(arguments[1]))
	case "Fn::Join":
		var parts []string
		for _, part := range c.eval(arguments[1]).([]any) {
			parts = append(parts, part.(string))
		}
		return strings.Join(parts, arguments[0].(string))
	case "Fn::Split":
		list := []any{}
		for part := range strings.SplitSeq(c.eval(arguments[1]).(string), arguments[0].(string)) {
			list = append(list, part)
		}
		return list
	case "Fn::Sub":
		text, own := argument, map[string]any{}
		if arguments != nil {
			text, own = arguments[0], c.eval(arguments[1]).(map[string]any)
		}
		return inSub.ReplaceAllStringFunc(text.(string), func(s string) string {
			name := s[2 : len(s)-1]
			if value, ok := own[name]; ok {
				return fmt.Sprint(value)
			}
			if id, attribute, ok := strings.Cut(name, "."); ok {
				return c.attribute(id, attribute).(string)
			}
			return fmt.Sprint(c.ref(name))
		})
	}
	panic(name + " is not understood")
}

// ref is what Ref gives.
func (c *template) ref(name string) any {
	switch name {
	case "AWS::NoValue":
		return absent{}
	case "AWS::Region":
		return c.here.region
	case "AWS::AccountId":
		return c.here.account
	case "AWS::Partition":
		return c.here.partition
	}
	if value, ok := c.parameters[name]; ok {
		return value
	}
	if function, ok := strings.CutSuffix(name, ".Alias"); ok {
		return c.attribute(function, "Arn").(string) + ":live"
	}
	switch c.typeOf(name) {
	case "AWS::SQS::Queue":
		return fmt.Sprintf("https://sqs.%s.%s/%s/%s", c.here.region, c.here.suffix, c.here.account, c.named(name))
	case "AWS::SecretsManager::Secret", "AWS::SNS::Topic":
		return c.attribute(name, "Arn")
	}
	return c.named(name)
}

// named is the name that a resource was given.
func (c *template) named(id string) string {
	properties := c.resources[id].(map[string]any)["Properties"].(map[string]any)
	for _, key := range []string{"Name", "FunctionName", "TableName", "QueueName", "RoleName", "LogGroupName", "BucketName", "TopicName", "AlarmName", "TrailName"} {
		if name, ok := properties[key]; ok {
			return c.eval(name).(string)
		}
	}
	panic(id + " has no name")
}

// attribute is what GetAtt gives.
func (c *template) attribute(id, attribute string) any {
	arn := func(service, resource string) string {
		return fmt.Sprintf("arn:%s:%s:%s:%s:%s", c.here.partition, service, c.here.region, c.here.account, resource)
	}
	name := c.named(id)
	switch c.typeOf(id) + " " + attribute {
	case "AWS::Serverless::Function Arn":
		return arn("lambda", "function:"+name)
	case "AWS::DynamoDB::Table Arn":
		return arn("dynamodb", "table/"+name)
	case "AWS::DynamoDB::Table StreamArn":
		return arn("dynamodb", "table/"+name+"/stream/*")
	case "AWS::SQS::Queue Arn":
		return arn("sqs", name)
	case "AWS::SQS::Queue QueueName":
		return name
	case "AWS::IAM::Role Arn":
		return fmt.Sprintf("arn:%s:iam::%s:role/%s", c.here.partition, c.here.account, name)
	case "AWS::Logs::LogGroup Arn":
		return arn("logs", "log-group:"+name+":*")
	case "AWS::SecretsManager::Secret Arn":
		return arn("secretsmanager", "secret:"+name+"-??????")
	case "AWS::Events::Rule Arn":
		return arn("events", "rule/"+name)
	case "AWS::Events::EventBus Arn":
		return arn("events", "event-bus/"+name)
	case "AWS::S3::Bucket Arn":
		return fmt.Sprintf("arn:%s:s3:::%s", c.here.partition, name)
	case "AWS::SNS::Topic Arn":
		return arn("sns", name)
	}
	panic(fmt.Sprintf("%s of %s, a %s, is not understood", attribute, id, c.typeOf(id)))
}

func read(t testing.TB, path string) string {
	t.Helper()
	raw, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	return string(raw)
}

package catalog

import "tfdrift/internal/drift"

// budgetsOverrides: see the AWS Budgets API Reference.
var budgetsOverrides = [...]Row{
	{Source: "budgets", Event: "CreateBudget", Type: "aws_budgets_budget", Effect: drift.Create, ID: "name=budget.budgetName", Params: budgetLimits, NewID: "{accountId|account}:{budget.budgetName}"},
	{Source: "budgets", Event: "CreateBudgetAction", Type: "aws_budgets_budget_action", Effect: drift.Create, ID: "budget_name=budgetName action_id=response:actionId", NewID: "{accountId|account}:{response:actionId}:{budgetName}", Within: "aws_budgets_budget name=budgetName"},
	{Source: "budgets", Event: "CreateNotification", Type: "aws_budgets_budget", Effect: drift.Set, ID: "name=budgetName", Params: "accountId=- notification=notification+ subscribers=-"},
	{Source: "budgets", Event: "CreateSubscriber", Type: "aws_budgets_budget", Effect: drift.Set, ID: "name=budgetName", Params: "accountId=- notification=- subscriber=-"},
	{Source: "budgets", Event: "DeleteBudget", Type: "aws_budgets_budget", Effect: drift.Delete, ID: "name=budgetName", NewID: "{accountId|account}:{budgetName}"},
	{Source: "budgets", Event: "DeleteNotification", Type: "aws_budgets_budget", Effect: drift.Set, ID: "name=budgetName", Params: "accountId=- notification=notification-"},
	{Source: "budgets", Event: "DeleteSubscriber", Type: "aws_budgets_budget", Effect: drift.Set, ID: "name=budgetName", Params: "accountId=- notification=- subscriber=-"},
	{Source: "budgets", Event: "UpdateBudget", Type: "aws_budgets_budget", Effect: drift.Set, ID: "name=newBudget.budgetName", Params: budgetLimits},
	{Source: "budgets", Event: "UpdateNotification", Type: "aws_budgets_budget", Effect: drift.Set, ID: "name=budgetName", Params: "accountId=- oldNotification=notification- newNotification=notification+"},
}

const budgetLimits = "budgetLimit.amount=limit_amount budgetLimit.unit=limit_unit calculatedSpend=- timePeriod=- lastUpdatedTime=- costFilters=- filterExpression=- metrics=- " +
	"newBudget.budgetLimit.amount=limit_amount newBudget.budgetLimit.unit=limit_unit newBudget.calculatedSpend=- newBudget.timePeriod=- " +
	"newBudget.lastUpdatedTime=- newBudget.costFilters=- newBudget.filterExpression=- newBudget.metrics=- newBudget.budgetName=- accountId=-"

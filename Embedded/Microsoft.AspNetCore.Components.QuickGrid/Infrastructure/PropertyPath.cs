using System.Linq.Expressions;

namespace Microsoft.AspNetCore.Components.QuickGrid.Infrastructure;

/// <summary>The dotted path that a member expression walks from its parameter.</summary>
internal static class PropertyPath
{
    /// <exception cref="ArgumentException">The expression is something else than a chain of members of the row.</exception>
    public static string Of<TItem, TValue>(Expression<Func<TItem, TValue>> expression)
    {
        var node = expression.Body is UnaryExpression { NodeType: ExpressionType.Convert } convert ? convert.Operand : expression.Body;
        var names = new Stack<string>();
        while (node is MemberExpression member)
        {
            names.Push(member.Member.Name);
            node = member.Expression;
        }

        return names.Count > 0 && node is ParameterExpression
            ? string.Join('.', names)
            : throw new ArgumentException($"'{expression}' does not name a property of the row.", nameof(expression));
    }
}

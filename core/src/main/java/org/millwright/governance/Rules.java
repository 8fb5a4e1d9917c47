package org.millwright.governance;

import com.fasterxml.jackson.databind.JsonNode;
import dev.cel.common.CelAbstractSyntaxTree;
import dev.cel.common.CelOptions;
import dev.cel.common.CelValidationException;
import dev.cel.common.types.SimpleType;
import dev.cel.common.values.NullValue;
import dev.cel.compiler.CelCompiler;
import dev.cel.compiler.CelCompilerFactory;
import dev.cel.parser.CelStandardMacro;
import dev.cel.runtime.CelEvaluationException;
import dev.cel.runtime.CelRuntime;
import dev.cel.runtime.CelRuntimeFactory;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * The language of gates: CEL over a few documented values, bounded in length, depth and steps.
 *
 * <p>{@code metrics} of the candidate on held-out rows (rows, skill and bounds such as skill_low; of numbers rmse, mae, r2,
 * bias; of classes accuracy, f1, roc_auc and others), {@code baseline} (mean, rmse; or class, share and its metrics),
 * {@code champion} (null, or metrics on the same rows; {@code difference} is by how much the candidate's loss is larger, with
 * difference_low, difference_high, difference_p, difference_rows, difference_groups, difference_of, difference_by),
 * {@code handoff} (agrees, rows, largest, tolerance, edges.blocking),
 * {@code slices} (lists of metrics with their value, by column), {@code data} (rows by dataset), {@code parameters} (texts
 * by name). A number that is not finite is left out, so that no comparison with it can pass.
 */
final class Rules {
    static final List<String> INPUTS =
            List.of("metrics", "baseline", "champion", "handoff", "slices", "data", "parameters");

    private static final CelOptions OPTIONS = CelOptions.current()
            .maxExpressionCodePointSize(2_000)
            .maxParseRecursionDepth(64)
            .comprehensionMaxIterations(10_000)
            .enableHeterogeneousNumericComparisons(true)
            .build();
    private static final CelCompiler COMPILER = compiler();
    private static final CelRuntime RUNTIME =
            CelRuntimeFactory.standardCelRuntimeBuilder().setOptions(OPTIONS).build();

    private Rules() {}

    private static CelCompiler compiler() {
        var builder = CelCompilerFactory.standardCelCompilerBuilder()
                .setOptions(OPTIONS)
                .setStandardMacros(CelStandardMacro.STANDARD_MACROS)
                .setResultType(SimpleType.BOOL);
        INPUTS.forEach(name -> builder.addVar(name, SimpleType.DYN));
        return builder.build();
    }

    /** Throws IllegalArgumentException with the reason when the text is no expression of a truth value. */
    static CelAbstractSyntaxTree compile(String check) {
        try {
            return COMPILER.compile(check).getAst();
        } catch (CelValidationException e) {
            throw new IllegalArgumentException(oneLine(String.valueOf(e.getMessage())), e);
        }
    }

    /** Decides one rule; anything unexpected is an ERROR. */
    static Verdict judge(Rule rule, JsonNode inputs) {
        try {
            Object result = RUNTIME.createProgram(compile(rule.check())).eval(variables(inputs));
            if (Boolean.TRUE.equals(result)) {
                return new Verdict(rule, Verdict.Outcome.PASS, "");
            }
            return Boolean.FALSE.equals(result)
                    ? new Verdict(rule, Verdict.Outcome.FAIL, "")
                    : new Verdict(rule, Verdict.Outcome.ERROR, "not true or false: " + result);
        } catch (CelEvaluationException | IllegalArgumentException e) {
            return new Verdict(rule, Verdict.Outcome.ERROR, oneLine(String.valueOf(e.getMessage())));
        } catch (RuntimeException | StackOverflowError e) {
            return new Verdict(rule, Verdict.Outcome.ERROR, oneLine(e.toString()));
        }
    }

    private static String oneLine(String text) {
        return text.lines().map(String::strip).findFirst().orElse(text).replaceFirst("^ERROR: <input>:[0-9:]+ ", "");
    }

    private static Map<String, Object> variables(JsonNode inputs) {
        var variables = new HashMap<String, Object>();
        for (String name : INPUTS) {
            if (inputs.has(name)) {
                variables.put(name, value(inputs.get(name)));
            }
        }
        return variables;
    }

    private static Object value(JsonNode node) {
        if (node.isObject()) {
            var map = new HashMap<String, Object>();
            node.properties().stream()
                    .filter(field -> !isNotFinite(field.getValue()))
                    .forEach(field -> map.put(field.getKey(), value(field.getValue())));
            return map;
        }
        if (node.isArray()) {
            var list = new ArrayList<Object>();
            node.forEach(item -> list.add(value(item)));
            return list;
        }
        if (node.isIntegralNumber()) {
            return node.longValue();
        }
        if (node.isNumber()) {
            return node.doubleValue();
        }
        if (node.isBoolean()) {
            return node.booleanValue();
        }
        return node.isNull() ? NullValue.NULL_VALUE : node.asText();
    }

    private static boolean isNotFinite(JsonNode node) {
        return node.isNumber() && !Double.isFinite(node.doubleValue());
    }
}

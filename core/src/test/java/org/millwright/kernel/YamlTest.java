package org.millwright.kernel;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@Timeout(20)
class YamlTest {
    @Test
    void aKeyThatOccursTwiceIsAMistakeAtItsSecondPlace() {
        Yaml.Value root = Yaml.parse("a.yaml", "one: 1\ntwo: {x: 1, y: 2,\n  x: 3}\none: 2\n");

        assertThatThrownBy(root::finish)
                .isInstanceOf(Problem.Invalid.class)
                .hasMessage("a.yaml:3: two: key 'x' occurs a second time (expected: once, as in line 2)\n"
                        + "a.yaml:4: key 'one' occurs a second time (expected: once, as in line 1)");
    }

    @Test
    void aliasesMayRepeatAValue() {
        Yaml.Value root = Yaml.parse("a.yaml", "base: &b {x: 1}\nagain: [*b, *b]\n");

        root.finish();
        assertThat(root.plain()).hasToString("{base={x=1}, again=[{x=1}, {x=1}]}");
    }

    @Test
    void aliasesThatMultiplyAreRefused() {
        var bomb = new StringBuilder("l0: &l0 [x, x, x, x, x, x, x, x, x]\n");
        for (int i = 1; i < 10; i++) {
            bomb.append("l" + i + ": &l" + i + " [")
                    .append(("*l" + (i - 1) + ", ").repeat(5))
                    .append("x]\n");
        }
        assertThatThrownBy(() -> Yaml.parse("a.yaml", bomb.toString()))
                .isInstanceOf(Problem.Invalid.class)
                .hasMessageStartingWith("a.yaml:")
                .hasMessageContaining("aliases");
    }

    @ParameterizedTest
    @ValueSource(strings = {"a: &a [*a]", "&a {b: *a}", "a: &a\n  b:\n    c: *a\n"})
    void anAliasInsideOfItselfIsRefused(String text) {
        assertThatThrownBy(() -> Yaml.parse("a.yaml", text))
                .isInstanceOf(Problem.Invalid.class)
                .hasMessageMatching("a\\.yaml:\\d+: an alias inside of what it stands for.*");
    }

    @ParameterizedTest
    @ValueSource(strings = {"[", "{a: ", "- "})
    void depthIsBounded(String level) {
        assertThatThrownBy(() -> Yaml.parse("a.yaml", level.repeat(100_000)))
                .isInstanceOf(Problem.Invalid.class)
                .hasMessageContaining("a.yaml:1: ")
                .hasMessageContaining("nested deeper than");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "a: [1, 2\n",
                "a: 1\n b: 2\n",
                "a: 'open\n",
                "a: \"\\q\"\n",
                "a: b: c\n",
                "\ta: 1\n",
                "a: 1\n---\nb: 2\n",
                "a: *nowhere\n",
                "a: 1\nb: \u0000\n",
                "%FOO\n"
            })
    void brokenYamlNamesItsLine(String text) {
        assertThatThrownBy(() -> Yaml.parse("a.yaml", text))
                .isInstanceOf(Problem.Invalid.class)
                .hasMessageMatching("(?s)a\\.yaml:\\d+: .*");
    }

    @Test
    void anEmptyFileIsSaidToBeEmpty() {
        for (String text : new String[] {"", "# nothing\n", "---\n"}) {
            assertThatThrownBy(() -> Yaml.parse("a.yaml", text).only("a").finish())
                    .isInstanceOf(Problem.Invalid.class)
                    .hasMessageMatching("a\\.yaml:[12]: (the file is empty|expected a map of keys and values)");
        }
    }

    @Test
    void numbersOfEverySizeAreRead() {
        Yaml.Value root = Yaml.parse("a.yaml", "a: 12\nb: 123456789012345678901234567890\nc: -.inf\nd: 0.5\n");

        assertThat(root.plain()).hasToString("{a=12, b=123456789012345678901234567890, c=-Infinity, d=0.5}");
    }
}

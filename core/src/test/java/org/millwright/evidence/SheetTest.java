package org.millwright.evidence;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.millwright.identity.Role;
import org.millwright.kernel.Json;

class SheetTest {
    @Test
    void aRecordBecomesFactsAndTables() {
        Sheet sheet = Sheet.of(Json.parse("""
                {"riskTier": "low", "empty": "", "madeAt": 1388534400000, "share": 0.123456789, "agrees": true,
                 "run": "run:r1", "digests": {"bundle": "ab"}, "names": ["a", "b"],
                 "rows": [{"column": "x", "note": ""}, {"column": "y", "rows": 3}], "text": "long"}
                """));

        assertThat(sheet.facts().stream()
                        .map(fact -> fact.name() + "=" + fact.value().text()))
                .containsExactly(
                        "Risk tier=low",
                        "Made at=2014-01-01 00:00:00Z",
                        "Share=0.123457",
                        "Agrees=yes",
                        "Run=run:r1",
                        "Digests · Bundle=ab",
                        "Names=a, b");
        assertThat(sheet.facts().get(4).value().ref()).isEqualTo("run:r1");
        assertThat(sheet.tables()).hasSize(1);
        assertThat(sheet.tables().getFirst().columns()).containsExactly("Column", "Rows");
        assertThat(sheet.text()).isEqualTo("long");
    }

    @Test
    void whatPeopleWroteStartsNoElement() {
        var record = Json.object().put("owner", "<script>alert(1)</script>").put("text", "<b>a|b</b>");
        var answer = new Answer("purpose", "Purpose", "", record, List.of(new Answer.Lacking("<i>", Role.ADMIN)));
        var card = new Card("model", "model:m/1", "<m>", "<lead>", List.of(new Card.Part(answer, "<note>", null)));

        assertThat(CardText.html(card))
                .doesNotContain("<script", "<b>", "<i>", "<m>", "<lead>", "<note>")
                .contains("&lt;script&gt;", "Missing: &lt;i&gt; (owed by admin)");
        assertThat(CardText.markdown(card)).doesNotContain("<script", "<lead>").contains("&lt;script>");
    }
}

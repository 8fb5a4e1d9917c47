package org.millwright.web.ui;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class GroupPlotTest {
    @Test
    void groupsStandUnderEachOtherAcrossOneLine() {
        var plot = new GroupPlot(2, "Selection rates by <carrier>");
        plot.add("AA", "AA: half", "<rect y=\"" + plot.y() + "\"/>");
        plot.add("<UA>", "<UA>: all", "<rect y=\"" + plot.y() + "\"/>");

        assertThat(plot.across("limit", GroupPlot.NAME + 0.8 * GroupPlot.BAR, "four fifths"))
                .isEqualTo("<svg class=\"plot\" role=\"img\" viewBox=\"0 0 480 58\">"
                        + "<title>Selection rates by &lt;carrier&gt;</title>"
                        + "<g data-tip=\"AA: half\"><text x=\"114\" y=\"14\" text-anchor=\"end\">AA</text><rect y=\"0\"/></g>"
                        + "<g data-tip=\"&lt;UA&gt;: all\"><text x=\"114\" y=\"34\" text-anchor=\"end\">&lt;UA&gt;</text>"
                        + "<rect y=\"20\"/></g>"
                        + "<line class=\"limit\" x1=\"360.0\" x2=\"360.0\" y1=\"0\" y2=\"40\"/>"
                        + "<text x=\"360.0\" y=\"53\" text-anchor=\"middle\">four fifths</text></svg>");
    }
}

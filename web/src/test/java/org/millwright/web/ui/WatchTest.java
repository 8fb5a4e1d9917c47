package org.millwright.web.ui;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.millwright.identity.Actor;
import org.millwright.kernel.OnDatabases;
import org.millwright.monitor.Line;
import org.millwright.monitor.Overviews;
import org.millwright.serving.Deployment;
import org.millwright.serving.Rollout;

class WatchTest {
    @TempDir
    Path folder;

    @Test
    void theHeadSaysWhatToDoAndThePlotMarksAlertsAndVersionsThatTookOver() {
        var line = new Line(OnDatabases.sqlite(), folder);
        try {
            line.month("2013-08", "2013-09", "1", 0, 6);
            var overviews = new Overviews(line.database, line.projects, line.monitor, line.alerts);
            Health broken = health(line, overviews, "1");
            assertThat(broken.word()).isEqualTo("breaks its agreement");
            assertThat(broken.broken().getFirst().since()).isEqualTo("2013-08");
            assertThat(broken.measured().orElseThrow().window()).isEqualTo("2013-08");
            assertThat(broken.next().getFirst().text()).startsWith("Look at the alert about performance in 2013-08");

            line.month("2013-09", "2013-10", "2", 0, 0);
            Health mended = health(line, overviews, "2");
            assertThat(mended.tone()).isEqualTo("ok");
            assertThat(mended.broken()).isEmpty();
            assertThat(mended.next().getFirst().text()).contains("of version 1, which serves no more");
            Watch watch = Watch.of(overviews.of(Actor.SYSTEM, Line.DEPLOYMENT), List.of(), List.of(), Estimates.NONE);
            assertThat(watch.performance())
                    .contains("Alert: delays/1 in 2013-08", "Version 2: answers most from 2013-09 on")
                    .doesNotContain("Version 1: answers");
        } finally {
            line.monitor.close();
            line.database.close();
        }
    }

    private static Health health(Line line, Overviews overviews, String version) {
        var agreement = line.projects.agreement("delays");
        Agreed agreed =
                Agreed.of(agreement, Optional.empty(), Optional.empty(), overviews.promises(Actor.SYSTEM, "delays"));
        Watch watch = Watch.of(overviews.of(Actor.SYSTEM, Line.DEPLOYMENT), List.of(), List.of(), Estimates.NONE);
        var deployment = new Deployment(
                Line.DEPLOYMENT,
                "delays",
                "delays",
                Optional.of(version),
                Optional.empty(),
                new Rollout.None(),
                Optional.empty(),
                0,
                0);
        return Health.of(deployment, agreed.of(Line.DEPLOYMENT), Optional.of(watch), Optional.empty(), agreement);
    }
}

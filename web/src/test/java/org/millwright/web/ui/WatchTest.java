package org.millwright.web.ui;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.millwright.identity.Actor;
import org.millwright.kernel.OnDatabases;
import org.millwright.monitor.Line;
import org.millwright.monitor.Overviews;

class WatchTest {
    @TempDir
    Path folder;

    @Test
    void thePlotMarksAlertsAndVersionsThatTookOver() {
        var line = new Line(OnDatabases.sqlite(), folder);
        try {
            line.month("2013-08", "2013-09", "1", 0, 6);
            line.month("2013-09", "2013-10", "2", 0, 0);
            var overviews = new Overviews(line.database, line.projects, line.monitor, line.alerts);
            Watch watch = Watch.of(overviews.of(Actor.SYSTEM, Line.DEPLOYMENT), List.of(), List.of(), Estimates.NONE);
            assertThat(watch.performance())
                    .contains("Alert: delays/1 in 2013-08", "Version 2: answers most from 2013-09 on")
                    .doesNotContain("Version 1: answers");
        } finally {
            line.monitor.close();
            line.database.close();
        }
    }
}

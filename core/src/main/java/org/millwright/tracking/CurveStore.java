package org.millwright.tracking;

import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.List;
import java.util.Optional;
import org.millwright.kernel.Database;

/** Reads a metric's history once and keeps what a plot shows of it. */
final class CurveStore {
    private static final int TOGETHER = 10_000;
    private static final String POINTS = "select p.step, p.ts, p.val, p.is_nan from metric_series s"
            + " join metric_point p on p.series = s.series where s.run_num = ? and s.metric_key = ? and ";
    private static final String BY_STEP = POINTS + "p.step between ? and ? order by p.step, p.ts, p.val";
    private static final String BY_TIME = POINTS + "p.ts between ? and ? order by p.ts, p.step, p.val";

    private final Database database;

    CurveStore(Database database) {
        this.database = database;
    }

    /** @param run the run's number */
    Curve curve(String id, int run, String key, Curve.Ask ask) {
        return database.jdbc(ask.axis() == Curve.Axis.STEP ? BY_STEP : BY_TIME, statement -> {
            statement.setInt(1, run);
            statement.setString(2, key);
            // A moving average in the midst of a history carries what came before.
            statement.setLong(3, ask.smoothing() > 0 ? Long.MIN_VALUE : ask.from());
            statement.setLong(4, ask.to());
            statement.setFetchSize(TOGETHER);
            try (ResultSet row = statement.executeQuery()) {
                return curve(id, key, ask, row);
            }
        });
    }

    private static Curve curve(String id, String key, Curve.Ask ask, ResultSet row) throws SQLException {
        var plain = new CurveSampler(ask.buckets());
        var smooth = new CurveSampler(ask.buckets());
        double average = 0;
        double weight = 1;
        long gaps = 0;
        while (row.next()) {
            double value = row.getDouble(3);
            var point = new Curve.Point(row.getLong(1), row.getLong(2), value);
            boolean within = point.on(ask.axis()) >= ask.from();
            if (row.getInt(4) == 1 || Math.abs(value) == Double.MAX_VALUE) {
                gaps += within ? 1 : 0;
                continue;
            }
            average = ask.smoothing() * average + (1 - ask.smoothing()) * value;
            weight *= ask.smoothing();
            if (within) {
                plain.add(point);
            }
            if (within && ask.smoothing() > 0) {
                // Divided by the weight that values have so far, else the curve would begin near zero.
                smooth.add(new Curve.Point(point.step(), point.at(), average / (1 - weight)));
            }
        }
        return new Curve(
                id,
                key,
                plain.points(),
                smooth.count() == 0 ? List.of() : smooth.points(),
                plain.count(),
                gaps,
                Optional.ofNullable(plain.extreme(false)),
                Optional.ofNullable(plain.extreme(true)));
    }
}

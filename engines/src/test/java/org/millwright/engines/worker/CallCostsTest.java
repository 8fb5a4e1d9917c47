package org.millwright.engines.worker;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Random;
import org.junit.jupiter.api.Test;

class CallCostsTest {
    private final CallCosts costs = new CallCosts();
    private final Random random = new Random(7);

    @Test
    void joiningPaysWhereTheCallCostsAndNotWhereItsRowsDo() {
        calls(400, 600_000, 2_000);
        assertThat(costs.pays()).isTrue();
        assertThat(costs.mostRows(256)).isEqualTo(256);

        calls(2_000, 20_000, 900_000);
        assertThat(costs.pays()).isFalse();
        assertThat(costs.mostRows(256))
                .as("no call takes much longer than one for a request")
                .isLessThan(60);

        calls(2_000, 600_000, 2_000);
        assertThat(costs.pays()).as("what it learned is not for ever").isTrue();
    }

    @Test
    void whatIsNotKnownIsTried() {
        assertThat(costs.pays()).isTrue();
        assertThat(costs.mostRows(256)).isEqualTo(256);
        calls(2_000, 0, 900_000);
        assertThat(costs.pays()).isFalse();
        for (int i = 0; i < 3_000; i++) {
            costs.add(1, 1, 900_000);
        }
        assertThat(costs.pays()).as("after a long time with calls of one row").isTrue();
    }

    @Test
    void aCallThatStalledTeachesLittle() {
        calls(400, 20_000, 900_000);
        costs.add(1, 1, 30_000_000_000L);
        calls(20, 20_000, 900_000);
        assertThat(costs.pays()).isFalse();
    }

    /** Calls that cost so many nanoseconds each and for each row, of one to twenty requests with a row, and noise. */
    private void calls(int count, double call, double row) {
        for (int i = 0; i < count; i++) {
            int rows = 1 + random.nextInt(20);
            costs.add(rows, rows, (long) ((call + row * rows) * (0.8 + 0.4 * random.nextDouble())));
        }
    }
}

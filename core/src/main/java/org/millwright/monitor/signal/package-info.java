/** What rows, errors and clocks tell of a monitored model beside verdicts: estimates, quality, concept drift, age, feeds, causes. */
@NullMarked
package org.millwright.monitor.signal;

import org.jspecify.annotations.NullMarked;

/** What rows and errors tell of a monitored model beside verdicts: quality, kinds of rows whose loss rose, concept drift, causes. */
@NullMarked
package org.millwright.signal;

import org.jspecify.annotations.NullMarked;

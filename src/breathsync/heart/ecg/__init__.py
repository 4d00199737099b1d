"""R peaks from one ECG lead: streaming, whatever the packets, and silent where there is no ECG."""
